package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * What happens when the application sends faster than the peer takes.
 *
 * @param highSegments in flight and queued together, from which on nothing is taken; a message that was begun below it is taken whole
 * @param lowSegments at which the queue is writable again
 * @param whenFull what to do then
 * @param stalledAfter with {@link WhenFull#DISCONNECT}, also how long the oldest segment may stay unacknowledged
 */
public record SendQueue(int highSegments, int lowSegments, WhenFull whenFull, Duration stalledAfter) {
    /** What to do with data for which there is no room. */
    public enum WhenFull {
        /** Take nothing until there is room; for files, where nothing may be lost and the source can wait. */
        BLOCK,
        /** Drop the oldest droppable sends that are queued and wholly unsent; for live media, whose old frames nobody wants. */
        DROP,
        /** Give the peer up: one that does not keep up shall not cost the others. */
        DISCONNECT
    }

    public static final SendQueue DEFAULT = new SendQueue(2048, 1024, WhenFull.BLOCK, Duration.ofSeconds(30));

    public SendQueue {
        new Faults("send queue")
                .range("highSegments", highSegments, 1, 4 * Windows.MOST_SEGMENTS)
                .range("lowSegments", lowSegments, 0, highSegments - 1L)
                .range("stalledAfter", stalledAfter, Duration.ofMillis(1), Duration.ofDays(1))
                .report();
    }
}
