package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.Child;
import io.fairlead.benchmarks.ProcessUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What runs in a child: one side of a peer. It talks with its parent in lines like {@link Child}, and dies when its standard
 * input ends.
 *
 * <p>Arguments are {@code echo-server PEER HOST}, {@code echo-client PEER HOST SEED WARM_UP MESSAGES}, {@code
 * bulk-server PEER HOST} and {@code bulk-client PEER HOST CHUNK}. A client says {@code ready} when it is connected; an echo client then waits for {@code go},
 * and says {@code report} at its end. Both ends of a bulk answer {@code count} with the bytes so far, the time, and the CPU time.
 */
public final class PeerChild {
    static final List<String> JVM_FLAGS = List.of(
            "-Xms256m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            // The peers are of the time of Unsafe; without it they would not show what they can do.
            "--sun-misc-unsafe-memory-access=allow");

    private static final BufferedReader COMMANDS =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private PeerChild() {}

    public static void main(String[] args) {
        try {
            Peer peer = Peers.named(args[1]);
            InetSocketAddress address = new InetSocketAddress(args[2], Peer.PORT);
            switch (args[0]) {
                case "echo-server" -> {
                    peer.listen(address, (bytes, back) -> back.send(bytes));
                    say("listening");
                    awaitEnd();
                }
                case "echo-client" ->
                    echo(
                            peer,
                            address,
                            new OpenLoopEcho(
                                    Long.parseLong(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5])));
                case "bulk-server" -> receive(peer, address);
                case "bulk-client" -> push(peer, address, Integer.parseInt(args[3]));
                default -> throw new IllegalArgumentException("no role " + args[0]);
            }
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            e.printStackTrace();
            say("failed " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void echo(Peer peer, InetSocketAddress server, OpenLoopEcho echo) throws Exception {
        Peer.Outlet outlet = peer.connect(server, echo);
        say("ready");
        COMMANDS.readLine();
        Thread.ofPlatform().daemon().name("parent-watch").start(PeerChild::awaitEnd);
        echo.run(outlet, Duration.ofSeconds(60));
        say("report " + echo.report());
    }

    private static void receive(Peer peer, InetSocketAddress local) throws Exception {
        BulkSink sink = new BulkSink();
        peer.listen(local, sink);
        say("listening");
        answerCounts(sink::received);
    }

    private static void push(Peer peer, InetSocketAddress server, int chunkBytes) throws Exception {
        BulkSource source = new BulkSource(chunkBytes);
        Peer.Outlet outlet = peer.connect(server, (bytes, back) -> {
            throw new IOException("bytes from the server of a bulk");
        });
        say("ready");
        Thread.ofPlatform().daemon().name("source").start(() -> source.run(outlet));
        answerCounts(source::sent);
    }

    /** Where a bulk's end stands. A failure of it is thrown. */
    private interface Progress {
        long bytes() throws IOException;
    }

    private static void answerCounts(Progress progress) throws IOException {
        while ("count".equals(COMMANDS.readLine())) {
            say("count " + progress.bytes() + " " + System.nanoTime() + " "
                    + ProcessUsage.now().cpuNs());
        }
        Runtime.getRuntime().halt(2);
    }

    private static void awaitEnd() {
        try {
            while (COMMANDS.readLine() != null) {
                // There is nothing more to be told.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(2);
    }

    private static synchronized void say(String line) {
        System.out.println(Child.MARK + line.replace('\n', ' '));
        System.out.flush();
    }
}
