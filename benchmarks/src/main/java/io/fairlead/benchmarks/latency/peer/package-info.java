/** What runs in each of our two processes: exercises through the public SPI, the same over every provider. */
@NullMarked
package io.fairlead.benchmarks.latency.peer;

import org.jspecify.annotations.NullMarked;
