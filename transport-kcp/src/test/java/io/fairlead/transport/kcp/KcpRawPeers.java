package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.kcp.ControlDatagram.Offer;
import io.fairlead.transport.kcp.ControlDatagram.Type;
import io.fairlead.transport.testkit.RawPeers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Raw streams over KCP, by a handshake written for tests and plain sockets: strangers share nothing with the provider but the engine. */
final class KcpRawPeers implements RawPeers {
    private static final int OFFERED_MTU = 1400;
    private static final int OFFERED_WINDOW = 1024;

    private final int most;

    /**
     * @param most streams at once; each is a descriptor and a window of KCP on both sides, and some round trips to open
     */
    KcpRawPeers(int most) {
        this.most = most;
    }

    @Override
    public RawPeer connect(Endpoint to) {
        RawSocket socket = RawSocket.connected(new InetSocketAddress(to.host(), to.port()));
        long nonce = System.nanoTime();
        byte[] cookie = ask(socket, new ControlDatagram(Type.HELLO, 0, nonce, new byte[0]), Type.RETRY)
                .body();
        byte[] body = Arrays.copyOf(cookie, cookie.length + Offer.BYTES);
        System.arraycopy(new Offer(OFFERED_MTU, OFFERED_WINDOW, 0).bytes(), 0, body, cookie.length, Offer.BYTES);
        ControlDatagram accepted = ask(socket, new ControlDatagram(Type.CONNECT, 0, nonce, body), Type.ACCEPT);
        return new RawConversation(
                socket, accepted.conversation(), Offer.of(accepted.body(), 0).secret());
    }

    /** Asks until there is an answer. */
    private static ControlDatagram ask(RawSocket socket, ControlDatagram question, Type answer) {
        for (int attempt = 0; attempt < 50; attempt++) {
            socket.send(question.encode());
            ControlDatagram said = socket.control(TimeUnit.MILLISECONDS.toNanos(50));
            if (said != null && said.type() == Type.REFUSE) {
                throw new AssertionError("refused: " + said.text());
            }
            if (said != null && said.type() == answer) {
                return said;
            }
        }
        throw new AssertionError("no " + answer + " for " + question.type());
    }

    @Override
    public RawListener listen() {
        RawSocket socket = RawSocket.bound(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new RawListener() {
            @Override
            public Endpoint endpoint() {
                return Endpoint.of(socket.local());
            }

            @Override
            public RawPeer accept(Duration bound) {
                return accepted(socket, System.nanoTime() + bound.toNanos());
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    /** Any cookie will do for a test; the socket belongs to the first who comes. */
    private static RawPeer accepted(RawSocket socket, long deadlineNs) {
        while (System.nanoTime() < deadlineNs) {
            ControlDatagram said = socket.control(TimeUnit.MILLISECONDS.toNanos(50));
            if (said != null && said.type() == Type.HELLO) {
                socket.send(new ControlDatagram(Type.RETRY, 0, said.nonce(), new byte[Cookies.BYTES]).encode());
            } else if (said != null && said.type() == Type.CONNECT) {
                byte[] offer = new Offer(OFFERED_MTU, OFFERED_WINDOW, 99).bytes();
                socket.send(new ControlDatagram(Type.ACCEPT, 4711, said.nonce(), offer).encode());
                return new RawConversation(socket, 4711, 99);
            }
        }
        throw new AssertionError("nobody connected in time");
    }

    @Override
    public int most() {
        return most;
    }
}
