/** The yardsticks: what one would write by hand on {@code java.nio} for just this work. */
@NullMarked
package io.fairlead.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
