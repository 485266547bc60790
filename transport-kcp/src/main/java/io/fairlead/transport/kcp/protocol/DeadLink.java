package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * When the path counts as dead: both must hold. The count alone, as in ikcp, kills a fast link within a second.
 *
 * @param transmissions of one segment without an acknowledgement
 * @param after since the last progress
 */
public record DeadLink(int transmissions, Duration after) {
    public static final DeadLink DEFAULT = new DeadLink(20, Duration.ofSeconds(10));

    public DeadLink {
        new Faults("dead link")
                .range("transmissions", transmissions, 2, 1_000_000)
                .range("after", after, Duration.ZERO, Duration.ofDays(1))
                .report();
    }
}
