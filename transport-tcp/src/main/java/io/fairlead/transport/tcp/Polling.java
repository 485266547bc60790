package io.fairlead.transport.tcp;

/**
 * How long a loop polls before it sleeps. Sleeping costs not only the sleeper: whoever sends to it pays for waking
 * its core, on virtual machines more than for moving 64 KiB. So a loop polls a little when polling has lately found something, and hardly
 * ever when it has not. For the loop only.
 */
final class Polling {
    /** How far success is remembered, and what a failure costs. */
    private static final int FULL_TRUST = 16;

    private static final int FAILURE = 2;

    /** Without trust, one sleep in so many is tried with polling first. */
    private static final int PROBE_EVERY = 64;

    private final long fixedNs;
    private final long adaptiveNs;
    private long lastWorkNs;
    private int trust;
    private int sleeps;
    private boolean polling;

    /**
     * @param fixedNs polled always after work
     * @param adaptiveNs polled after work while that pays
     */
    Polling(long fixedNs, long adaptiveNs) {
        this.fixedNs = fixedNs;
        this.adaptiveNs = Math.max(fixedNs, adaptiveNs);
    }

    /** Whether to poll once more; if not, the loop sleeps. */
    boolean goesOn(long nowNs) {
        long idleNs = nowNs - lastWorkNs;
        if (idleNs < fixedNs) {
            return true;
        }
        if (!polling) {
            return false;
        }
        if (idleNs < adaptiveNs) {
            return true;
        }
        polling = false;
        trust = Math.max(0, trust - FAILURE);
        return false;
    }

    /** Whether polling is a guess, that must not keep others from running, or what the operator asked for. */
    boolean mayYield() {
        return fixedNs == 0;
    }

    /** Something was found, by polling or by the selector. */
    void worked(long nowNs) {
        lastWorkNs = nowNs;
        if (adaptiveNs == fixedNs) {
            return;
        }
        if (polling) {
            trust = Math.min(FULL_TRUST, trust + 1);
        } else {
            polling = trust > 0 || sleeps++ % PROBE_EVERY == 0;
        }
    }
}
