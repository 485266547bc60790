/** The check of the contract kit itself: broken variants of the in-memory provider, each of which it must fail. */
@NullMarked
package io.fairlead.transport.testkit.mutants;

import org.jspecify.annotations.NullMarked;
