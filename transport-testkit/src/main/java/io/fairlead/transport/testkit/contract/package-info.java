/** The contract as promises, one class for each row of its table, and {@code ContractKit}, which runs them. */
@NullMarked
package io.fairlead.transport.testkit.contract;

import org.jspecify.annotations.NullMarked;
