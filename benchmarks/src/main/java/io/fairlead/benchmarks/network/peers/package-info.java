/** Fairlead's KCP, kernel TCP, and other implementations of KCP. */
@NullMarked
package io.fairlead.benchmarks.network.peers;

import org.jspecify.annotations.NullMarked;
