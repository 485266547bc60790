package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import java.util.Optional;

/** What a provider supplies to be tested. */
public interface TransportFixture {
    /** Names the provider in the tests' names and in {@code effective()}. */
    String name();

    Transport start(TransportConfig config, TransportContext context);

    /** A peer that listens at {@code listenAt}; see {@link ChildJvm}. */
    PeerProcess startPeer(TransportConfig config, Endpoint listenAt);

    /** Where listeners bind: any free port. */
    default Endpoint listenAddress() {
        return Endpoint.loopback();
    }

    /** An address where nobody listens, so that connecting fails. */
    default Endpoint deadAddress() {
        return new Endpoint(listenAddress().host(), 1);
    }

    /**
     * Whether operations on memory go on at a target whose process stands still, since hardware or a kernel carries them out. Promises about a
     * target that does not move are then about messages, and such operations may succeed there.
     */
    default boolean movesWithoutTarget() {
        return false;
    }

    /** Streams of raw bytes, where the provider has a byte stream. */
    default Optional<RawPeers> raw() {
        return Optional.empty();
    }
}
