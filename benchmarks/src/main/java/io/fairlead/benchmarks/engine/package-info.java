/** What the shared engine costs by itself: no sockets, no threads, no system calls. */
@NullMarked
package io.fairlead.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
