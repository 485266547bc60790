package io.fairlead.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One workload's results as a Markdown table: medians, spread, and ratios of medians to the baseline's. */
final class Table {
    private final Workload workload;
    private final String baseline;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<String, String> absences = new LinkedHashMap<>();

    Table(Workload workload, String baseline) {
        this.workload = workload;
        this.baseline = baseline;
    }

    void add(String contestant, List<Sample> rounds) {
        samples.put(contestant, List.copyOf(rounds));
    }

    /** Says why a contestant has no row of numbers. */
    void addAbsent(String contestant, String reason) {
        absences.put(contestant, reason.lines().findFirst().orElse("no reason given"));
    }

    String print() {
        List<Figure> figures = Figure.of(workload);
        StringBuilder text = new StringBuilder();
        text.append("### ").append(workload.name()).append("\n\n");
        if (!samples.isEmpty()) {
            text.append(header(figures));
            samples.forEach((contestant, rounds) -> text.append(row(figures, contestant, rounds)));
        }
        text.append('\n');
        absences.forEach((contestant, reason) ->
                text.append("- ").append(contestant).append(": ").append(reason).append('\n'));
        return text.append('\n').toString();
    }

    private String header(List<Figure> figures) {
        StringJoiner names = new StringJoiner(" | ", "| ", " |\n");
        StringJoiner rule = new StringJoiner("|", "|", "|\n");
        names.add("contestant (rounds)");
        rule.add("---");
        for (Figure figure : figures) {
            names.add(figure.title());
            rule.add("---:");
            if (figure.compared()) {
                names.add("x " + baseline);
                rule.add("---:");
            }
        }
        return names.toString() + rule;
    }

    private String row(List<Figure> figures, String contestant, List<Sample> rounds) {
        StringJoiner cells = new StringJoiner(" | ", "| ", " |\n");
        cells.add(contestant + " (" + rounds.size() + ")");
        for (Figure figure : figures) {
            Summary summary = Summary.of(rounds, figure.value());
            cells.add(figure.print(summary));
            if (figure.compared()) {
                cells.add(ratio(figure, summary));
            }
        }
        return cells.toString();
    }

    private String ratio(Figure figure, Summary summary) {
        @Nullable List<Sample> base = samples.get(baseline);
        return base == null
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f",
                        summary.median() / Summary.of(base, figure.value()).median());
    }
}
