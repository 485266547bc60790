package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.MachineFacts;
import io.fairlead.benchmarks.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** What was found, as Markdown. */
final class RdmaReport {
    private final List<Exercise> exercises;
    private final String facts;
    private final List<Competitor> competitors = new ArrayList<>();
    private final List<LatencySample> samples = new ArrayList<>();
    private final List<NativeCalls> calls = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    RdmaReport(List<Exercise> exercises, String facts) {
        this.exercises = exercises;
        this.facts = facts;
    }

    void add(Competitor competitor) {
        competitors.add(competitor);
    }

    void add(LatencySample sample) {
        samples.add(sample);
    }

    void add(NativeCalls counted) {
        calls.add(counted);
    }

    void fail(String what) {
        failures.add(what);
    }

    /** The figures over the rounds, if there are some. */
    static Optional<Summary> summary(List<LatencySample> samples, String competitor, String exercise) {
        double[] figures = samples.stream()
                .filter(sample -> sample.competitor().equals(competitor)
                        && sample.exercise().name().equals(exercise))
                .mapToDouble(LatencySample::figure)
                .toArray();
        return figures.length == 0 ? Optional.empty() : Optional.of(Summary.of(figures));
    }

    String tables() {
        StringBuilder text = new StringBuilder("## Requirements\n\n").append(RdmaRequirement.heading());
        RdmaRequirement.ALL.forEach(requirement -> requirement.row(samples).ifPresent(text::append));
        RdmaRequirement.allocationRow(samples, exercises).ifPresent(text::append);
        text.append("\n## Figures\n\n").append(heading());
        exercises.forEach(exercise -> text.append(row(exercise)));
        text.append('\n');
        if (!calls.isEmpty()) {
            text.append("## Native calls of ours over RDMA, for each operation\n\n")
                    .append(NativeCalls.heading());
            calls.forEach(counted -> text.append(counted.row()));
            text.append('\n');
        }
        failures.forEach(failure -> text.append("- FAILED: " + failure + "\n"));
        return text.toString();
    }

    private String heading() {
        StringJoiner names = new StringJoiner(" | ", "| exercise | unit | ", " |\n");
        competitors.forEach(competitor -> names.add(competitor.name()));
        return names + "|---|---|" + "---:|".repeat(competitors.size()) + "\n";
    }

    private String row(Exercise exercise) {
        StringJoiner cells = new StringJoiner(" | ", "| " + exercise.name() + " | " + exercise.unit() + " | ", " |\n");
        for (Competitor competitor : competitors) {
            cells.add(summary(samples, competitor.name(), exercise.name())
                    .map(s -> String.format(Locale.ROOT, "%.1f (%.1f..%.1f)", s.median(), s.min(), s.max()))
                    .orElse("-"));
        }
        return cells.toString();
    }

    String print() {
        StringBuilder text = new StringBuilder("""
                # RDMA, compared

                Made by `benchmarks/compare-rdma`; `../README.md` says how. In each round everybody has fresh processes, which are warmed
                up and then measured by turns. A latency is the median (p50) of half a round trip, of a read that of a whole one; each cell is the
                median over all turns of all rounds, (least..most).

                """);
        text.append("```\n" + facts + "load average at the end: " + MachineFacts.loadAverage() + "\n```\n\n");
        text.append(tables()).append("\n## Set up\n\n");
        competitors.forEach(competitor -> text.append("- " + competitor.name() + ": " + competitor.setUp() + "\n"));
        text.append("""

                ## Samples

                For ours, what the threads of client and server allocated in bytes, in the run with the least of up to three.

                ```
                """).append(LatencySample.COLUMNS).append('\n');
        samples.forEach(sample -> text.append(sample.print() + "\n"));
        return text.append("```\n").toString();
    }
}
