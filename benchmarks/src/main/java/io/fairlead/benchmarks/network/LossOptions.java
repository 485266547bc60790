package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.CommandLine;
import io.fairlead.benchmarks.UsageException;
import java.nio.file.Path;
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
        CommandLine line = new CommandLine(args);
        while (line.hasMore()) {
            options.take(line);
        }
        return options;
    }

    private void take(CommandLine line) {
        switch (line.option()) {
            case "--help", "-h" -> help = true;
            case "--report" -> reportOnly = true;
            case "--weather" ->
                weathers = line.names().stream().map(Weather::named).toList();
            case "--contestants" ->
                peers = line.names().stream().map(Peers::named).toList();
            case "--seeds" -> seeds = seeds(line.value());
            case "--seconds" -> seconds = line.positive();
            case "--at-once" -> atOnce = line.positive();
            case "--out" -> out = Path.of(line.value());
            default -> throw line.unknown();
        }
    }

    private static long[] seeds(String text) {
        String[] ends = text.split("-", -1);
        int first = CommandLine.positive("--seeds", ends[0]);
        int last = CommandLine.positive("--seeds", ends[ends.length - 1]);
        if (ends.length > 2 || last < first) {
            throw new UsageException("--seeds needs two numbers such as 1-5, not \"" + text + "\"");
        }
        return LongStream.rangeClosed(first, last).toArray();
    }
}
