/** Netty's epoll transport as a contestant. */
@NullMarked
package io.fairlead.benchmarks.netty;

import org.jspecify.annotations.NullMarked;
