package io.fairlead.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The comparison's entry: reads the command line, runs the workloads one after the other, writes tables and samples. */
public final class Compare {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private Compare() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            CompareOptions options = CompareOptions.parse(args);
            if (options.help) {
                System.out.print(CompareOptions.HELP);
            } else if (options.list) {
                System.out.print(list());
            } else {
                System.exit(run(options, String.join(" ", args)));
            }
        } catch (UsageException e) {
            System.err.println("compare: " + e.getMessage());
            System.exit(EXIT_USAGE);
        }
    }

    private static int run(CompareOptions options, String arguments) throws IOException, InterruptedException {
        String facts = facts(options, arguments);
        List<Comparison> done = new ArrayList<>();
        PrintStream progress = System.err;
        progress.println(Sample.COLUMNS);
        for (Workload workload : options.workloads) {
            Comparison comparison = new Comparison(workload, options, progress);
            comparison.run();
            done.add(comparison);
            System.out.print(comparison.table().print());
        }
        Path out = options.out != null ? options.out : defaultOut();
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, report(facts, done));
        System.out.println("written to " + out);
        return done.stream().anyMatch(Comparison::failed) ? EXIT_FAILED : 0;
    }

    private static String facts(CompareOptions options, String arguments) {
        StringBuilder facts = new StringBuilder();
        facts.append("command: benchmarks/compare ").append(arguments).append('\n');
        facts.append(MachineFacts.print());
        facts.append("children: java ").append(String.join(" ", ChildJvm.FLAGS)).append('\n');
        for (Contestant contestant : options.contestants) {
            if (!contestant.setUp().isEmpty()) {
                facts.append(contestant.name() + ": " + contestant.setUp() + "\n");
            }
        }
        return facts.toString();
    }

    private static String report(String facts, List<Comparison> done) {
        StringBuilder text = new StringBuilder("# Transports compared\n\n```\n");
        text.append(facts);
        text.append("load average at the end: ")
                .append(MachineFacts.loadAverage())
                .append("\n```\n\n");
        text.append("Medians over the rounds, (least..most); ratios are of medians. CPU is of both processes.\n\n");
        done.forEach(comparison -> text.append(comparison.table().print()));
        text.append("## Raw samples\n\n```\n").append(Sample.COLUMNS).append('\n');
        done.forEach(comparison ->
                comparison.samples().forEach(s -> text.append(s.print()).append('\n')));
        return text.append("```\n").toString();
    }

    private static String list() {
        StringBuilder text = new StringBuilder();
        for (Workload workload : Workloads.ALL) {
            text.append(workload.name()).append('\n');
            for (Contestant contestant : Contestants.ALL) {
                if (workload.waiting().admits(contestant.waiting())) {
                    String reason = contestant
                            .refuses(workload)
                            .map(r -> ": does not enter: " + r)
                            .orElse("");
                    text.append("  " + contestant.name() + reason + "\n");
                }
            }
        }
        return text.toString();
    }

    private static Path defaultOut() {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now(ZoneOffset.UTC));
        return Path.of("benchmarks", "results", "compare-" + time + ".md");
    }
}
