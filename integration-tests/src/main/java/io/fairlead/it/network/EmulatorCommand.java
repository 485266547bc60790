package io.fairlead.it.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/** A bad network for use by hand. */
public final class EmulatorCommand {
    private static final String HELP = """
            Opens a bad network, prints its two ends, and keeps it until Enter, the end of input, or the time limit.

              --both CONDITIONS       for both directions
              --a-to-b CONDITIONS     for packets from a to b
              --b-to-a CONDITIONS     for packets from b to a
              --seed N                of all chances; default: 1
              --mtu BYTES             default: 1500
              --congestion NAME       of kernel TCP in the network: system, reno, cubic or bbr; default: system
              --for TIME              time limit, such as 90s or 30m; default: 30m
              --measure               measures the emulator itself under these conditions, and ends

            CONDITIONS are joined by commas, the delay before its jitter; default: perfect
              delay=20ms              one way
              jitter=5ms              evenly from delay-5ms to delay+5ms, keeping the order
              overtaking-jitter=5ms   the same, not keeping the order
              loss=0.05               each packet with this probability
              bursts=0.04/5           a share of 0.04, in bursts of 5 packets on average
              bursts=P/R/G/B          Gilbert-Elliott: good to bad, bad to good, loss when good, loss when bad
              duplicate=0.01          with this probability
              late=0.02/10ms          held back by 10 ms with this probability, so that others overtake
              rate=10mbit             bandwidth, counting IP packets
              queue=64k               room before the bottleneck
            """;

    private NetworkConfig config = NetworkConfig.of(LinkConditions.PERFECT, 1);
    private boolean measure;

    private EmulatorCommand() {}

    public static void main(String[] arguments) throws Exception {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        EmulatorCommand command = new EmulatorCommand();
        try {
            command.takeAll(new ArrayDeque<>(Arrays.asList(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println("emulator: " + e.getMessage() + "; --help tells more");
            System.exit(2);
        }
        Optional<String> obstacle = BadNetwork.obstacle();
        if (obstacle.isPresent()) {
            System.err.println("emulator: " + obstacle.get());
            System.exit(1);
        }
        command.run();
    }

    private void takeAll(Deque<String> rest) {
        while (!rest.isEmpty()) {
            String option = rest.pop();
            if (option.equals("--measure")) {
                measure = true;
            } else {
                String value = rest.poll();
                if (value == null) {
                    throw new IllegalArgumentException(option + " is unknown or needs a value");
                }
                take(option, value);
            }
        }
    }

    private void take(String option, String value) {
        NetworkConfig c = config;
        config = switch (option) {
            case "--both" -> c.withConditions(LinkConditions.parse(value), LinkConditions.parse(value));
            case "--a-to-b" -> c.withConditions(LinkConditions.parse(value), c.bToA());
            case "--b-to-a" -> c.withConditions(c.aToB(), LinkConditions.parse(value));
            case "--seed" -> c.withSeed(Long.parseLong(value));
            case "--mtu" -> c.withMtu(Integer.parseInt(value));
            case "--congestion" -> c.withCongestionControl(CongestionControl.valueOf(value.toUpperCase(Locale.ROOT)));
            case "--for" -> c.withTimeLimit(ConditionsText.duration(value));
            default -> throw new IllegalArgumentException("unknown option " + option);
        };
    }

    private void run() throws Exception {
        try (BadNetwork network = BadNetwork.open(config)) {
            if (measure) {
                System.out.print(new Measurement(network, config.aToB().delay()).run());
                return;
            }
            print(network.a(), "a");
            print(network.b(), "b");
            System.out.println("Enter ends it");
            awaitEnter(config.atMost());
            if (network.isOpen()) {
                NetworkCounters counters = network.counters();
                System.out.println("a to b: " + counters.aToB());
                System.out.println("b to a: " + counters.bToA());
            }
        }
    }

    private static void print(NetworkEnd end, String name) {
        System.out.printf(
                "%s: %s COMMAND   # %s, %s%n",
                name,
                String.join(" ", end.prefix()),
                end.address().getHostAddress(),
                end.address6().getHostAddress());
    }

    private static void awaitEnter(Duration atMost) throws InterruptedException {
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                int unused = System.in.read();
            } catch (IOException e) {
                // No input any more: the same as its end.
            }
        });
        reader.join(atMost);
    }
}
