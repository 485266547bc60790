package io.fairlead.transport.tcp;

import java.nio.channels.SelectionKey;

/** What a selector's key is attached to. All methods are called by the loop. */
interface Ready {
    /** The channel is ready for something. Never throws for a fault of the peer. */
    void ready(SelectionKey key);

    /** When {@link #tick} is wanted next, {@link Long#MAX_VALUE} for never. */
    long dueNs();

    void tick(long nowNs);

    /** The loop stops: let go of the channel. */
    void stopped();
}
