package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.RegionDescriptor;

/**
 * A peer that can be stopped and killed without its consent: another process for a real provider. It listens at {@link #endpoint()} and
 * carries out the commands of {@link PeerSession}.
 */
public interface PeerProcess extends AutoCloseable {
    /** Where it listens. */
    Endpoint endpoint();

    /** Carries out one command. @throws AssertionError if the peer refuses or does not answer in time */
    String ask(String command);

    /** Stops it, so that it neither reads nor writes nor ends: a black hole, and the way to stall a target's I/O. */
    void suspend();

    /** Lets it go on. */
    void resume();

    /** Ends it without a chance to say good-bye. */
    void kill();

    /** Ends it in whatever state it is; idempotent. */
    @Override
    void close();

    /** Allocates and grants memory in the peer. */
    default RegionDescriptor grant(String name, long bytes, int rights) {
        return RegionDescriptor.parse(ask("grant " + name + " " + bytes + " " + rights));
    }

    /** A counter of the peer, such as {@code messages}. */
    default long count(String command) {
        return Long.parseLong(ask(command));
    }
}
