package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.UsageException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;

/** The command line of {@link CompareLoss}. */
final class LossOptions {
    static final String HELP = """
            Compares an echo (1 KiB each 20 ms, round trip 40 ms) over a network that loses packets. Each contestant's server and
            client are processes in two namespaces, joined by the emulator; all of a round run at the same time, each with
            a network of its own. Needs Linux and root.

            compare-loss [options]
              --weather A,B        0, 1, 5, 10, bursts, 5-jitter; default: all
              --contestants A,B    default: all
              --seeds FROM-TO      one round for each; default: 1-5
              --seconds N          measured, after 2 s of the same; default: 30
              --at-once N          contestants that run at the same time; default: all
              --out DIRECTORY      default: benchmarks/results. Gets kcp-echo-WEATHER.data.gz and .svg, and kcp-echo.md
                                   of all the data there
              --report             no runs: writes tables and pictures of the data in --out
            """;

    List<Weather> weathers = Weather.ALL;
    List<Peer> peers = Peers.ALL;
    long[] seeds = {1, 2, 3, 4, 5};
    int seconds = 30;
    int atOnce = Peers.ALL.size();
    Path out = Path.of("benchmarks", "results");
    boolean reportOnly;
    boolean help;

    static LossOptions parse(String[] args) {
        LossOptions options = new LossOptions();
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            options.take(rest.pop(), rest);
        }
        return options;
    }

    private void take(String option, Deque<String> rest) {
        switch (option) {
            case "--help", "-h" -> help = true;
            case "--report" -> reportOnly = true;
            case "--weather" ->
                weathers = names(option, rest).stream().map(Weather::named).toList();
            case "--contestants" ->
                peers = names(option, rest).stream().map(Peers::named).toList();
            case "--seeds" -> seeds = seeds(value(option, rest));
            case "--seconds" -> seconds = positive(option, value(option, rest));
            case "--at-once" -> atOnce = positive(option, value(option, rest));
            case "--out" -> out = Path.of(value(option, rest));
            default -> throw new UsageException("unknown option \"" + option + "\"; see --help");
        }
    }

    private static long[] seeds(String text) {
        String[] ends = text.split("-", -1);
        int first = positive("--seeds", ends[0]);
        int last = positive("--seeds", ends[ends.length - 1]);
        if (ends.length > 2 || last < first) {
            throw new UsageException("--seeds needs two numbers such as 1-5, not \"" + text + "\"");
        }
        return LongStream.rangeClosed(first, last).toArray();
    }

    private static List<String> names(String option, Deque<String> rest) {
        return List.of(value(option, rest).split(",", -1));
    }

    private static int positive(String option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is not positive.
        }
        throw new UsageException(option + " needs a positive whole number, not \"" + text + "\"");
    }

    private static String value(String option, Deque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw new UsageException(option + " needs a value; see --help");
        }
        return value;
    }
}
