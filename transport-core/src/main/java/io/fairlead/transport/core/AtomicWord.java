package io.fairlead.transport.core;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Atomics on a word of a region, atomic towards all loops and all threads of this process. */
final class AtomicWord {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private AtomicWord() {}

    /** @return the old value */
    static long apply(@Nullable RegisteredRegion region, long offset, boolean swap, long operand, long replacement) {
        var memory = Objects.requireNonNull(region).segment();
        return swap
                ? (long) WORD.compareAndExchange(memory, offset, operand, replacement)
                : (long) WORD.getAndAdd(memory, offset, operand);
    }
}
