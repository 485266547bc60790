package io.fairlead.benchmarks.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A picture of latency distributions: along, the latency; upwards, the share of messages that took longer; both logarithmic, as
 * what matters is the tail. All seeds of a contestant make one line.
 */
final class LatencyPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final double LEAST_MS = 38;
    private static final int LEGEND_LINE = 18;
    private static final List<Integer> TICKS_MS =
            List.of(40, 50, 60, 80, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10_000);
    private static final List<String> COLOURS =
            List.of("#d62728", "#1f1f1f", "#8c8c8c", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#e377c2");

    private final EchoData data;
    private final StringBuilder svg = new StringBuilder();
    private final double mostMs;
    private final double leastShare;

    private LatencyPlot(EchoData data) {
        this.data = data;
        mostMs = 1.1
                * data.samples().stream()
                        .mapToDouble(sample -> sample.percentileMs(100))
                        .max()
                        .orElse(100);
        int messages = data.peers().stream()
                .mapToInt(peer -> sorted(peer).length)
                .max()
                .orElse(1);
        leastShare = 1.0 / messages;
    }

    static String of(EchoData data) {
        return new LatencyPlot(data).draw();
    }

    private String draw() {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        text(
                LEFT,
                28,
                "start",
                "Echo of 1 KiB each 20 ms, 40 ms there and back: "
                        + data.weather().title());
        axes();
        List<String> peers = data.peers();
        for (int i = 0; i < peers.size(); i++) {
            line(peers.get(i), colour(peers.get(i)));
            int y = TOP + 14 + i * LEGEND_LINE;
            int x = WIDTH - RIGHT - 150;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>%n",
                    x,
                    y - 4,
                    x + 24,
                    y - 4,
                    colour(peers.get(i))));
            text(x + 30, y, "start", peers.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    /** The same in every picture. */
    private static String colour(String peer) {
        List<String> names = Peers.ALL.stream().map(Peer::name).toList();
        return COLOURS.get(names.indexOf(peer) % COLOURS.size());
    }

    private void axes() {
        for (int ms : TICKS_MS) {
            if (ms <= mostMs) {
                grid(x(ms), TOP, x(ms), HEIGHT - BOTTOM);
                text(x(ms), HEIGHT - BOTTOM + 18, "middle", Integer.toString(ms));
            }
        }
        for (double share = 1; share >= leastShare; share /= 10) {
            grid(LEFT, y(share), WIDTH - RIGHT, y(share));
            String percent = share * 100 >= 1
                    ? String.format(Locale.ROOT, "%.0f %%", share * 100)
                    : (share * 100 + "000").substring(0, share * 100 >= 0.1 - 1e-9 ? 3 : 4) + " %";
            text(LEFT - 8, y(share) + 4, "end", percent);
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "latency in ms");
        text(LEFT, TOP - 6, "start", "messages that took longer");
    }

    private void line(String peer, String colour) {
        int[] sorted = sorted(peer);
        StringBuilder points = new StringBuilder();
        double lastX = -1;
        for (int i = 0; i < sorted.length; i++) {
            double x = x(sorted[i] / 1e3);
            // A point for each pixel or so, and all of the tail.
            if (x - lastX >= 0.5 || i > sorted.length - 100) {
                points.append(
                        String.format(Locale.ROOT, "%.1f,%.1f ", x, y((double) (sorted.length - i) / sorted.length)));
                lastX = x;
            }
        }
        svg.append(String.format(
                Locale.ROOT,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"%s\"/>%n",
                colour,
                peer.equals(Peers.OURS) ? "2.5" : "1.5",
                points.toString().strip()));
    }

    private int[] sorted(String peer) {
        int[] all = data.of(peer).stream()
                .flatMapToInt(sample -> Arrays.stream(sample.latenciesUs()))
                .toArray();
        Arrays.sort(all);
        return all;
    }

    private double x(double ms) {
        double part = Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(mostMs / LEAST_MS);
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }

    private double y(double share) {
        double part = Math.log(Math.max(share, leastShare)) / Math.log(leastShare);
        return TOP + part * (HEIGHT - TOP - BOTTOM);
    }

    private void grid(double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, words));
    }
}
