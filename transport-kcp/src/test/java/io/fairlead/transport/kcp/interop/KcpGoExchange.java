package io.fairlead.transport.kcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.fairlead.transport.kcp.protocol.KcpPresets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One session between an engine of ours and kcp-go, in which each sends a stream and both must arrive. */
final class KcpGoExchange {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final long seed;
    private KcpConfig config = KcpPresets.NATIVE;
    private BadPath.Faults faults = BadPath.Faults.NONE;
    private int bytes = 1 << 20;
    private int window = 1024;
    private int mtu = 1400;
    private boolean weListen;

    KcpGoExchange(long seed) {
        this.seed = seed;
    }

    KcpGoExchange with(KcpConfig ours) {
        config = ours;
        return this;
    }

    /** In each direction. */
    KcpGoExchange with(BadPath.Faults ofThePath) {
        faults = ofThePath;
        return this;
    }

    /** In each direction; with a little of the other faults, unless it is 0. */
    KcpGoExchange withLoss(double loss) {
        return with(loss == 0 ? BadPath.Faults.NONE : BadPath.Faults.lossy(loss));
    }

    /** Of each stream, a multiple of 8. */
    KcpGoExchange withBytes(int count) {
        bytes = count;
        return this;
    }

    /** Of both ends and directions. */
    KcpGoExchange withWindow(int segments) {
        window = segments;
        return this;
    }

    /** Of kcp-go. */
    KcpGoExchange withMtu(int bytesOfDatagram) {
        mtu = bytesOfDatagram;
        return this;
    }

    /** Else kcp-go does. */
    KcpGoExchange withUsListening(boolean chosen) {
        weListen = chosen;
        return this;
    }

    /** Until both streams have arrived. */
    void run() throws IOException, InterruptedException {
        try (Session session = new Session(false)) {
            session.finish();
        }
    }

    /** kcp-go takes nothing until its window is closed and we have asked about that. */
    void runWithKcpGoPausing() throws IOException, InterruptedException {
        try (Session session = new Session(true)) {
            session.turnUntil(() -> session.ours.isConnected()
                    && session.ours.kcp().peerWindowSegments() == 0
                    && session.ours.kcp().stats().windowAsks() > 0);
            assertThat(session.ours.isDone()).isFalse();
            session.other.openGate();
            session.finish();
        }
    }

    /**
     * Our application takes nothing until our window is closed. kcp-go 5.6.1 would ask only 7 s later, so that telling it of the opening
     * must not depend on one datagram.
     */
    void runWithUsPausing() throws IOException, InterruptedException {
        try (Session session = new Session(false)) {
            session.ours.pause();
            session.turnUntil(
                    () -> session.ours.isConnected() && session.ours.kcp().readySegments() == window);
            session.ours.resume();
            session.finish();
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private final class Session implements AutoCloseable {
        final long startNs = System.nanoTime();
        final UdpEnd ours;
        final KcpGo other;

        Session(boolean gated) throws IOException {
            KcpConfig withWindow = config.with(config.windows().withSegments(window, window));
            ours = new UdpEnd(withWindow, bytes, weListen ? seed + 1 : seed, seed, faults);
            List<String> arguments = new ArrayList<>(List.of(
                    "-bytes=" + bytes,
                    "-seed=" + seed,
                    "-window=" + window,
                    "-mtu=" + mtu,
                    "-gated=" + gated,
                    "-limit=" + LIMIT.toSeconds() + "s"));
            if (weListen) {
                arguments.add("-connect=127.0.0.1:" + ours.port());
            }
            try {
                other = new KcpGo(arguments);
            } catch (IOException e) {
                ours.close();
                throw e;
            }
            if (!weListen) {
                ours.connect(Integer.parseInt(other.await("port")), (int) seed);
            }
        }

        void turnUntil(Condition condition) throws IOException {
            while (!condition.holds()) {
                boolean late = System.nanoTime() - startNs > LIMIT.toNanos();
                if (late || other.hasEnded()) {
                    throw new AssertionError((late ? "not done after " + LIMIT : "kcp-go ended early") + ", seed "
                            + seed + ": we " + ours + "; kcp-go " + other);
                }
                ours.turn();
            }
        }

        /** Our engine goes on until kcp-go says that it has all, since that may need our acknowledgements. */
        void finish() throws IOException, InterruptedException {
            turnUntil(() -> ours.isDone() && other.hasSpoken());
            long tookNs = System.nanoTime() - startNs;
            assertThat(other.await("received"))
                    .as("what kcp-go received, seed %d", seed)
                    .isEqualTo(SeededStream.sha256(weListen ? seed + 1 : seed, bytes));
            assertThat(ours.receivedSha256())
                    .as("what we received, seed %d", seed)
                    .isEqualTo(SeededStream.sha256(weListen ? seed : seed + 1, bytes));
            System.out.printf(
                    "%s, %s, seed %d: %d bytes each way in %d ms%n  ours: %s%n  kcp-go: %s%n",
                    weListen ? "kcp-go to us" : "we to kcp-go",
                    faults,
                    seed,
                    bytes,
                    tookNs / 1_000_000,
                    ours.counts(),
                    other.await("counted"));
            assertThat(other.end()).as("exit code of kcp-go, seed %d", seed).isZero();
        }

        @Override
        public void close() throws IOException {
            other.close();
            ours.close();
        }
    }
}
