package io.fairlead.transport.testkit.mutants;

import io.fairlead.transport.testkit.TransportFixture;
import java.util.List;
import java.util.function.Supplier;

/**
 * A provider with one fault.
 *
 * @param name says what it does wrong
 * @param rows of the contract's table that must each find it
 * @param fixture a fresh one
 */
record Mutant(String name, List<Integer> rows, Supplier<TransportFixture> fixture) {}
