package io.fairlead.transport.testkit.mutants;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.TransportFixture;
import io.fairlead.transport.testkit.memory.FrameTap;
import io.fairlead.transport.testkit.memory.InMemoryFixture;
import io.fairlead.transport.testkit.memory.InMemoryNetwork;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The in-memory fixture with something between it and the kit. */
final class MutantFixture implements TransportFixture {
    private final InMemoryFixture sound;
    private final UnaryOperator<TransportConfig> config;
    private final UnaryOperator<TransportContext> context;
    private final UnaryOperator<Transport> transport;

    private MutantFixture(
            InMemoryFixture sound,
            UnaryOperator<TransportConfig> config,
            UnaryOperator<TransportContext> context,
            UnaryOperator<Transport> transport) {
        this.sound = sound;
        this.config = config;
        this.context = context;
        this.transport = transport;
    }

    /** Frames run through a tap. */
    static TransportFixture tapped(FrameTap tap) {
        return new MutantFixture(
                new InMemoryFixture(new InMemoryNetwork().tapped(tap)),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity());
    }

    /** The kit gets another transport. */
    static TransportFixture decorated(UnaryOperator<Transport> decoration) {
        return new MutantFixture(new InMemoryFixture(), UnaryOperator.identity(), UnaryOperator.identity(), decoration);
    }

    /** The provider gets another configuration than the kit asked for. */
    static TransportFixture configured(UnaryOperator<TransportConfig> change) {
        return new MutantFixture(new InMemoryFixture(), change, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** The provider gets other collaborators than the kit lent it. */
    static TransportFixture lent(UnaryOperator<TransportContext> change) {
        return new MutantFixture(new InMemoryFixture(), UnaryOperator.identity(), change, UnaryOperator.identity());
    }

    @Override
    public String name() {
        return sound.name();
    }

    @Override
    public Transport start(TransportConfig wanted, TransportContext lent) {
        return transport.apply(sound.start(config.apply(wanted), context.apply(lent)));
    }

    @Override
    public PeerProcess startPeer(TransportConfig wanted, Endpoint listenAt) {
        return sound.startPeer(config.apply(wanted), listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return sound.listenAddress();
    }

    @Override
    public Optional<RawPeers> raw() {
        return sound.raw();
    }
}
