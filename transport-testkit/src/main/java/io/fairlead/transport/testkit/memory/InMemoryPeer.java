package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.PeerSession;

/** A peer in this process, whose node is stalled and killed in place of a process. */
final class InMemoryPeer implements PeerProcess {
    private final MemoryNode node;
    private final PeerSession session;
    private boolean ended;

    InMemoryPeer(InMemoryNetwork network, TransportConfig config, Endpoint listenAt) {
        node = new MemoryNode(network);
        session = new PeerSession(
                InMemoryTransportProvider.start(config, TransportContext.plain().because("a peer"), node), listenAt);
    }

    @Override
    public Endpoint endpoint() {
        return session.endpoint();
    }

    @Override
    public String ask(String command) {
        if (ended) {
            throw new AssertionError("the peer is gone");
        }
        return session.execute(command);
    }

    @Override
    public void suspend() {
        node.pause();
    }

    @Override
    public void resume() {
        node.resume();
    }

    @Override
    public void kill() {
        if (!ended) {
            ended = true;
            node.kill();
            session.close();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
