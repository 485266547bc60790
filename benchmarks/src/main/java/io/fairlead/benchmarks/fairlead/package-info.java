/** Fairlead's own TCP provider as a contestant. */
@NullMarked
package io.fairlead.benchmarks.fairlead;

import org.jspecify.annotations.NullMarked;
