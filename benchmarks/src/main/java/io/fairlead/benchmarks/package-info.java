/**
 * Whole-process comparisons: one server JVM and one client JVM per contestant and round, on loopback.
 *
 * <p>{@link io.fairlead.benchmarks.Compare} starts the children, {@link io.fairlead.benchmarks.Child} is what runs in
 * them, and {@link io.fairlead.benchmarks.Contestant} is what a transport implements to take part.
 */
@NullMarked
package io.fairlead.benchmarks;

import org.jspecify.annotations.NullMarked;
