package io.fairlead.benchmarks.network;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What ours must hold against another contestant in some weather: a figure at most a multiple of the other's.
 *
 * @param against {@link Peers#TCP}, or {@link #BEST_OTHER}
 */
record Requirement(String weather, EchoFigure figure, double most, String against) {
    /** The other KCP with the least p99. */
    static final String BEST_OTHER = "the best other KCP";

    static final List<Requirement> ALL = List.of(
            new Requirement("5", EchoFigure.MEAN, 0.65, Peers.TCP),
            new Requirement("5", EchoFigure.MAX, 0.40, Peers.TCP),
            new Requirement("5", EchoFigure.WIRE, 1.20, Peers.TCP),
            new Requirement("5", EchoFigure.P99, 0.85, BEST_OTHER),
            new Requirement("5", EchoFigure.WIRE, 1.05, BEST_OTHER),
            new Requirement("10", EchoFigure.P99, 0.85, BEST_OTHER),
            new Requirement("10", EchoFigure.WIRE, 1.05, BEST_OTHER),
            new Requirement("bursts", EchoFigure.P99, 0.85, BEST_OTHER),
            new Requirement("bursts", EchoFigure.WIRE, 1.05, BEST_OTHER),
            new Requirement("0", EchoFigure.MEAN, 1.05, Peers.TCP),
            new Requirement("0", EchoFigure.P99, 1.05, Peers.TCP));

    static String table(List<EchoData> all) {
        List<String> rows = new ArrayList<>();
        for (Requirement requirement : ALL) {
            all.stream()
                    .filter(data -> data.weather().name().equals(requirement.weather))
                    .filter(data -> data.peers().contains(Peers.OURS))
                    .forEach(data -> requirement.row(data, rows));
        }
        return "| weather | figure | ours | against | theirs | ratio | at most | holds |\n"
                + "|---|---|---:|---|---:|---:|---:|---|\n" + String.join("", rows) + "\n";
    }

    /** p99 and wire bytes of ours as multiples of each other KCP's, since the best of them may be so by little. */
    static String againstEach(List<EchoData> all) {
        StringBuilder text = new StringBuilder("| p99 / wire bytes, ours as a multiple of | "
                + String.join(
                        " | ", all.stream().map(data -> data.weather().title()).toList()) + " |\n|---|"
                + "---|".repeat(all.size()) + "\n");
        for (String peer :
                Peers.ALL.stream().map(Peer::name).filter(Peers::isOtherKcp).toList()) {
            text.append("| ").append(peer);
            for (EchoData data : all) {
                boolean both = data.peers().contains(Peers.OURS) && data.peers().contains(peer);
                text.append(
                        both
                                ? String.format(
                                        Locale.ROOT,
                                        " | %.2f / %.2f",
                                        ratio(data, EchoFigure.P99, peer),
                                        ratio(data, EchoFigure.WIRE, peer))
                                : " | -");
            }
            text.append(" |\n");
        }
        return text.append('\n').toString();
    }

    private static double ratio(EchoData data, EchoFigure figure, String peer) {
        return figure.over(data.of(Peers.OURS)).median()
                / figure.over(data.of(peer)).median();
    }

    private void row(EchoData data, List<String> rows) {
        String other = other(data);
        if (other.isEmpty()) {
            return;
        }
        double ours = figure.over(data.of(Peers.OURS)).median();
        double theirs = figure.over(data.of(other)).median();
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %.2f | %.2f | %s |%n",
                data.weather().title(),
                figure.title,
                figure.number(ours),
                other,
                figure.number(theirs),
                ours / theirs,
                most,
                ours / theirs <= most ? "yes" : "**no**"));
    }

    private String other(EchoData data) {
        if (!against.equals(BEST_OTHER)) {
            return data.peers().contains(against) ? against : "";
        }
        return data.peers().stream()
                .filter(Peers::isOtherKcp)
                .min(Comparator.comparingDouble(
                        peer -> EchoFigure.P99.over(data.of(peer)).median()))
                .orElse("");
    }
}
