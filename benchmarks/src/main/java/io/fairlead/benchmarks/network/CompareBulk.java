package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.MachineFacts;
import io.fairlead.benchmarks.Summary;
import io.fairlead.benchmarks.UsageException;
import io.fairlead.benchmarks.network.peers.KcpGo;
import io.fairlead.it.network.BadNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The entry of {@code compare-bulk}: as much as fits from one namespace to another over a plain veth pair. */
public final class CompareBulk {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private final BulkOptions options;
    private final Map<String, List<BulkSample>> samples = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    private CompareBulk(BulkOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            BulkOptions options = BulkOptions.parse(args);
            if (options.help) {
                System.out.print(BulkOptions.HELP);
                return;
            }
            System.exit(new CompareBulk(options).run(String.join(" ", args)) ? 0 : EXIT_FAILED);
        } catch (UsageException e) {
            System.err.println("compare-bulk: " + e.getMessage());
            System.exit(EXIT_USAGE);
        }
    }

    private boolean run(String arguments) throws IOException, InterruptedException {
        Optional<String> obstacle = BadNetwork.obstacle();
        if (obstacle.isPresent()) {
            throw new UsageException(obstacle.get());
        }
        Optional<String> goObstacle = KcpGo.build();
        String facts = "command: benchmarks/compare-bulk " + arguments + "\n" + MachineFacts.print() + "children: java "
                + String.join(" ", PeerChild.JVM_FLAGS) + "\n";
        List<BulkTrial> order = new ArrayList<>();
        for (BulkOptions.Entry entry : options.entries) {
            if (entry.peer().program().isPresent() && goObstacle.isPresent()) {
                failures.add(entry.peer().name() + ": " + goObstacle.get());
            } else {
                order.add(new BulkTrial(entry.peer(), entry.windowSegments(), options.warmUp, options.measure));
            }
        }
        order.forEach(trial -> samples.put(trial.entry(), new ArrayList<>()));
        System.err.println(BulkSample.COLUMNS);
        for (int round = 1; round <= options.rounds; round++) {
            for (BulkTrial trial : order) {
                runOnce(trial, round);
            }
            Collections.rotate(order, -1);
        }
        System.out.print(table());
        Files.createDirectories(options.out.toAbsolutePath().getParent());
        Files.writeString(options.out, report(facts));
        System.out.println("written to " + options.out);
        return failures.isEmpty();
    }

    private void runOnce(BulkTrial trial, int round) throws InterruptedException {
        try {
            BulkSample sample = trial.run(round);
            samples.computeIfAbsent(trial.entry(), entry -> new ArrayList<>()).add(sample);
            System.err.println(sample.print());
        } catch (IOException e) {
            failures.add(trial.entry() + ", round " + round + ": "
                    + String.valueOf(e.getMessage()).replace('\n', ' '));
            System.err.println("FAILED " + failures.getLast());
        }
    }

    private String table() {
        StringBuilder text = new StringBuilder(
                "| contestant, window (rounds) | MB/s | x ours | CPU s/GiB | x ours |\n|---|---:|---:|---:|---:|\n");
        List<BulkSample> ours = samples.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(Peers.OURS))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of());
        samples.forEach((name, rounds) -> {
            if (!rounds.isEmpty()) {
                text.append("| " + name + " (" + rounds.size() + ") | " + cells("%.0f", speed(rounds), speed(ours))
                        + " | " + cells("%.2f", cpu(rounds), cpu(ours)) + " |\n");
            }
        });
        text.append('\n');
        failures.forEach(failure -> text.append("- FAILED: " + failure + "\n"));
        return text.toString();
    }

    private static double[] speed(List<BulkSample> rounds) {
        return rounds.stream().mapToDouble(BulkSample::megabytesPerSecond).toArray();
    }

    private static double[] cpu(List<BulkSample> rounds) {
        return rounds.stream().mapToDouble(BulkSample::cpuSecondsPerGib).toArray();
    }

    private static String cells(String format, double[] figures, double[] ours) {
        Summary summary = Summary.of(figures);
        String cell = String.format(
                Locale.ROOT,
                format + " (" + format + ".." + format + ")",
                summary.median(),
                summary.min(),
                summary.max());
        String ratio = ours.length == 0
                ? "-"
                : String.format(
                        Locale.ROOT, "%.2f", summary.median() / Summary.of(ours).median());
        return cell + " | " + ratio;
    }

    private String report(String facts) {
        StringBuilder text = new StringBuilder("""
                # Bulk over a plain veth pair

                64 KiB at a time from one network namespace to another, for as long as the measurement lasts; every byte was compared where it
                arrived. MB are 10^6 bytes. Medians over the rounds, (least..most). CPU is that of both processes.

                """);
        text.append("```\n" + facts + "load average at the end: " + MachineFacts.loadAverage() + "\n```\n\n");
        text.append(table()).append("\n## Set up\n\n");
        options.entries.stream()
                .map(BulkOptions.Entry::peer)
                .distinct()
                .forEach(peer -> text.append("- " + peer.name() + ": " + peer.setUp() + "\n"));
        text.append("\n## Samples\n\n```\n" + BulkSample.COLUMNS + "\n");
        samples.values().forEach(rounds -> rounds.forEach(sample -> text.append(sample.print() + "\n")));
        return text.append("```\n").toString();
    }
}
