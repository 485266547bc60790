/** Aeron over UDP as a contestant. */
@NullMarked
package io.fairlead.benchmarks.aeron;

import org.jspecify.annotations.NullMarked;
