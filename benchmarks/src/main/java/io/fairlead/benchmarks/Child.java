package io.fairlead.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs in a child process: one side of one contestant in one workload.
 *
 * <p>It talks with its parent in lines, {@link #MARK} before each so that what a native library prints is passed over. It
 * dies when its standard input ends, so a killed parent leaves no children behind.
 */
public final class Child {
    public static final String MARK = "@ ";

    private static final BufferedReader COMMANDS =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private Child() {}

    static List<String> serverArguments(Contestant contestant, Workload workload, long seed) {
        return List.of("server", contestant.name(), workload.name(), Long.toString(seed));
    }

    static List<String> clientArguments(
            Contestant contestant, Workload workload, long seed, String address, RunLength length) {
        return List.of(
                "client",
                contestant.name(),
                workload.name(),
                Long.toString(seed),
                address,
                length.warmUp().toString(),
                length.measure().toString(),
                Long.toString(length.maxBytesPerPhase()));
    }

    public static void main(String[] args) {
        try {
            Contestant contestant = Contestants.named(args[1]);
            Workload workload = Workloads.named(args[2]);
            long seed = Long.parseLong(args[3]);
            if (args[0].equals("server")) {
                serve(contestant, workload, seed);
            } else {
                Thread.ofPlatform().daemon().name("parent-watch").start(Child::dieWithParent);
                RunLength length =
                        new RunLength(Duration.parse(args[5]), Duration.parse(args[6]), Long.parseLong(args[7]));
                drive(contestant, workload, seed, args[4], length);
            }
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            e.printStackTrace();
            say("failed " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void serve(Contestant contestant, Workload workload, long seed) throws Exception {
        Regions regions = Regions.ofServer(workload, seed);
        try (Contestant.ServerSide server = contestant.serve(workload, regions)) {
            say("address " + server.address());
            String command = COMMANDS.readLine();
            while ("usage".equals(command)) {
                say("usage " + ProcessUsage.now().print());
                command = COMMANDS.readLine();
            }
            if (command == null) {
                Runtime.getRuntime().halt(2);
            }
        }
        say("checksum " + Replay.checksum(regions.target()));
    }

    private static void drive(Contestant contestant, Workload workload, long seed, String address, RunLength length)
            throws Exception {
        Regions regions = Regions.ofClient(workload, seed);
        RunPhase phase = new RunPhase();
        List<Lane> lanes = new ArrayList<>();
        for (int connection = 0; connection < workload.connections(); connection++) {
            lanes.add(new Lane(workload, connection, seed, phase));
        }
        RunClock clock = new RunClock(lanes, phase, length, Child::say);
        Thread clockThread = Thread.ofPlatform().daemon().name("run-clock").unstarted(clock);
        try (Contestant.ClientSide client = contestant.connect(workload, address, regions)) {
            clockThread.start();
            client.drive(lanes);
            clockThread.join();
        }
        long[] opsDone = lanes.stream().mapToLong(Lane::completedCount).toArray();
        long expected = Replay.expected(workload, seed, opsDone);
        say("report "
                + clock.report(expected, Replay.checksum(regions.target())).print());
    }

    private static void dieWithParent() {
        try {
            while (COMMANDS.readLine() != null) {
                // A client takes no commands; it only waits for the end of its input.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(2);
    }

    private static synchronized void say(String line) {
        System.out.println(MARK + line.replace('\n', ' '));
        System.out.flush();
    }
}
