package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TCP of the kernel works through a bad network, under the congestion control asked for. */
@NeedsNetworks
@Timeout(60)
class KernelTcpTest {
    private static final int BYTES = 2 << 20;
    private static final LinkConditions BAD = LinkConditions.PERFECT
            .withDelay(Duration.ofMillis(2))
            .withOvertakingJitter(Duration.ofMillis(1))
            .withLoss(0.05)
            .withDuplicates(0.02);

    @ParameterizedTest
    @EnumSource(names = {"RENO", "CUBIC", "BBR"})
    void everythingArrivesThroughLoss(CongestionControl control) throws Exception {
        byte[] content = new byte[BYTES];
        new Random(control.ordinal()).nextBytes(content);
        NetworkConfig config = NetworkConfig.of(BAD, 3).withCongestionControl(control);
        try (BadNetwork network = BadNetwork.open(config);
                ServerSocket listener =
                        network.b().call(() -> listen(network.b().address()));
                // Connected in there too, since only then does the system know of the socket.
                Socket client = network.a().call(() -> connect(listener))) {
            try (Socket server = listener.accept()) {
                assertThat(controls(network.a())).contains(control.name().toLowerCase(Locale.ROOT));
                assertThat(controls(network.b())).contains(control.name().toLowerCase(Locale.ROOT));
                FutureTask<byte[]> received = new FutureTask<>(() -> read(server));
                Thread.ofPlatform().daemon().start(received);
                try (OutputStream out = client.getOutputStream()) {
                    out.write(content);
                }
                assertThat(received.get()).isEqualTo(content);
            }
            NetworkCounters counters = network.counters();
            assertThat(counters.aToB().lost()).isGreaterThan(BYTES / 1500 / 40);
            assertThat(counters.bytesOnWire()).isGreaterThan(BYTES);
            assertThat(counters.aToB().overrun()).isZero();
        }
    }

    private static ServerSocket listen(InetAddress address) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(address, 0));
        return listener;
    }

    private static Socket connect(ServerSocket listener) throws IOException {
        return new Socket(listener.getInetAddress(), listener.getLocalPort());
    }

    private static byte[] read(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** What the kernel says of the established connections of the end. */
    private static String controls(NetworkEnd end) throws IOException {
        Process process = end.command(List.of("ss", "-tinH")).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
