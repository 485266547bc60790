package io.fairlead.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs one workload over its contestants, round by round, and keeps every sample. */
final class Comparison {
    private final Workload workload;
    private final CompareOptions options;
    private final PrintStream progress;
    private final Map<Contestant, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<Contestant, String> failures = new LinkedHashMap<>();
    private final Map<Contestant, String> refusals = new LinkedHashMap<>();

    Comparison(Workload workload, CompareOptions options, PrintStream progress) {
        this.workload = workload;
        this.options = options;
        this.progress = progress;
        for (Contestant contestant : options.contestants) {
            if (!workload.waiting().admits(contestant.waiting())) {
                continue;
            }
            contestant
                    .refuses(workload)
                    .ifPresentOrElse(
                            reason -> refusals.put(contestant, reason),
                            () -> samples.put(contestant, new ArrayList<>()));
        }
    }

    /** The order is rotated each round, so that nobody always runs behind the same neighbour. */
    void run() throws InterruptedException {
        List<Contestant> order = new ArrayList<>(samples.keySet());
        for (int round = 1; round <= options.rounds; round++) {
            for (Contestant contestant : order) {
                runOnce(contestant, round);
            }
            Collections.rotate(order, -1);
        }
    }

    boolean failed() {
        return !failures.isEmpty();
    }

    List<Sample> samples() {
        return samples.values().stream().flatMap(List::stream).toList();
    }

    Table table() {
        Table table = new Table(workload, options.baselineFor(workload));
        samples.forEach((contestant, rounds) -> {
            if (!rounds.isEmpty() && !failures.containsKey(contestant)) {
                table.add(contestant.name(), rounds);
            }
        });
        failures.forEach((contestant, reason) -> table.addAbsent(contestant.name(), "FAILED: " + reason));
        refusals.forEach((contestant, reason) -> table.addAbsent(contestant.name(), "not run: " + reason));
        return table;
    }

    /** A contestant that failed once has no result at all, and is not tried again. */
    private void runOnce(Contestant contestant, int round) throws InterruptedException {
        if (failures.containsKey(contestant)) {
            return;
        }
        try {
            Sample sample = new Trial(workload, options.length, options.seed, options.pinning).run(contestant, round);
            samples.computeIfAbsent(contestant, c -> new ArrayList<>()).add(sample);
            progress.println(sample.print());
        } catch (IOException e) {
            failures.put(contestant, String.valueOf(e.getMessage()));
            progress.println(workload.name() + " " + contestant.name() + " FAILED: " + e.getMessage());
        }
    }
}
