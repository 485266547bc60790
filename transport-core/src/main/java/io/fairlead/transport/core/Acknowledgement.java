package io.fairlead.transport.core;

/**
 * Up to which of the peer's operations everything is done, and when that must be said. Every frame says it beside what it is for; a
 * frame of its own goes for an operation on memory at once, for messages only when as much time as the wire allows has passed without
 * another frame, or when several wait. For the loop only.
 */
final class Acknowledgement {
    /** So many messages are acknowledged without waiting: their sender may be short of slots. */
    private static final int MOST_WAITING = 8;

    private static final long NEVER = OperationTable.NEVER;

    private final Wire wire;
    private int done;
    private int said;
    private int waiting;
    private boolean prompt;
    private long dueNs = NEVER;

    Acknowledgement(Wire wire) {
        this.wire = wire;
    }

    /** Everything up to this operation on memory is done. */
    void placed(int sequence) {
        done = sequence;
        prompt = true;
        wire.wantOutput();
    }

    /** Everything up to this message is done: it is with its handler. */
    void delivered(int sequence) {
        done = sequence;
        long delayNs = wire.acknowledgementDelayNs();
        if (delayNs == 0 || ++waiting >= MOST_WAITING) {
            prompt = true;
        } else if (dueNs == NEVER) {
            dueNs = wire.loop().nowNs() + delayNs;
        }
        wire.wantOutput();
    }

    /** The number that {@link #say} gives, without its being said. */
    int done() {
        return done;
    }

    /** The number for the next frame's header, with which everything is said. */
    int say() {
        said = done;
        waiting = 0;
        prompt = false;
        dueNs = NEVER;
        return said;
    }

    /** Whether something is to be said that no frame has said yet, and now. */
    boolean isDue() {
        return said != done && (prompt || dueNs != NEVER && wire.loop().nowNs() - dueNs >= 0);
    }

    /** When {@link #isDue()} will be so by the passing of time. */
    long dueNs() {
        return prompt ? NEVER : dueNs;
    }
}
