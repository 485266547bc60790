package io.fairlead.transport.kcp.protocol;

import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The matrix behind the defaults: an echo of 1 KiB over simulated paths, for each contestant. {@code run CSV LOSS...} appends the
 * cells of some losses (percent, or {@code b} for bursts), {@code table CSV} prints the Markdown.
 */
final class KcpMatrix {
    private static final long SEED = 20_261_122;
    private static final int MESSAGE_BYTES = 1024;
    private static final String OURS = "native";
    private static final int[] RTT_MS = {20, 40, 90, 300};
    private static final int[] JITTER_MS = {1, 5, 15};
    private static final int[] PER_SECOND = {50, 1000};

    /** @param flushes at once, else at ticks only */
    private record Contestant(KcpConfig config, boolean flushes) {}

    private KcpMatrix() {}

    private static Map<String, Contestant> contestants() {
        Map<String, Contestant> all = new LinkedHashMap<>();
        for (Rules rules : List.of(Rules.IKCP, Rules.IKCP_CONSERVE, Rules.KCP_GO)) {
            KcpConfig config = KcpPresets.legacy(rules, 1, 10, 2, true);
            all.put(rules + " tick", new Contestant(config, false));
            all.put(rules + " flush", new Contestant(config, true));
        }
        KcpConfig ours = KcpPresets.NATIVE;
        LossRecovery recovery = ours.recovery();
        ours(all, OURS, ours);
        ours(all, "no copies", ours.with(recovery.withCopies(1, Duration.ZERO, 0)));
        ours(all, "copies from the second on", ours.with(recovery.withCopies(1, recovery.copyDelay(), 1024)));
        ours(all, "three copies", ours.with(recovery.withCopies(3, recovery.copyDelay(), 1024)));
        ours(all, "copies to 128 in flight", ours.with(recovery.withCopies(2, recovery.copyDelay(), 128)));
        ours(all, "copies at once", ours.with(recovery.withCopies(2, Duration.ZERO, 1024)));
        ours(all, "no repeated ACK", ours.with(ours.acks().withRepeatAfter(Duration.ZERO)));
        ours(
                all,
                "ACK within 10 ms",
                ours.with(new AckPolicy(false, true, true, ours.acks().repeatAfter()))
                        .with(ours.timing().withTick(Duration.ofMillis(10))));
        ours(all, "guard 1 ms", ours.with(ours.timing().withGuard(Duration.ofMillis(1))));
        ours(all, "guard 4 ms", ours.with(ours.timing().withGuard(Duration.ofMillis(4))));
        ours(all, "guard 10 ms", ours.with(ours.timing().withGuard(Duration.ofMillis(10))));
        ours(all, "count only", ours.with(recovery.withTimeBased(false, Duration.ZERO)));
        ours(all, "time only", ours.with(recovery.withFast(0, 0)));
        ours(all, "grows at once", ours.with(ours.timing().withGrowsAfter(0)));
        return all;
    }

    private static void ours(Map<String, Contestant> all, String name, KcpConfig config) {
        all.put(name, new Contestant(config, true));
    }

    private static LinkModel link(String loss, int rttMs, int jitterMs) {
        LinkModel link = LinkModel.delay(rttMs / 2).withJitter(jitterMs, false);
        // A burst is 3.3 datagrams long on average, and 4 % are lost.
        return loss.equals("b") ? link.withBursts(0.0125, 0.3) : link.withLoss(Integer.parseInt(loss) / 100.0);
    }

    private static EchoRun.Result cell(Contestant contestant, String loss, int rtt, int jitter, int perSecond) {
        int messages = perSecond == 50 ? 4000 : 8000;
        KcpConfig config = contestant
                .config()
                .with(new SendQueue(200_000, 1, SendQueue.WhenFull.BLOCK, Duration.ofDays(1)))
                .with(new DeadLink(1_000_000, Duration.ofDays(1)));
        return new EchoRun(
                        config,
                        contestant.flushes(),
                        link(loss, rtt, jitter),
                        MESSAGE_BYTES,
                        1_000_000_000L / perSecond,
                        messages,
                        SEED)
                .run();
    }

    private static List<String> run(String loss) {
        List<String> lines = new ArrayList<>();
        for (int rtt : RTT_MS) {
            for (int jitter : JITTER_MS) {
                for (int perSecond : PER_SECOND) {
                    contestants().forEach((name, contestant) -> {
                        EchoRun.Result r = cell(contestant, loss, rtt, jitter, perSecond);
                        lines.add(String.format(
                                Locale.ROOT,
                                "%s,%d,%d,%d,%s,%.2f,%.2f,%.2f,%.2f,%.4f,%d,%d",
                                loss,
                                rtt,
                                jitter,
                                perSecond,
                                name,
                                r.mean(),
                                r.p50(),
                                r.p99(),
                                r.max(),
                                r.wireBytes(),
                                r.retransmits(),
                                r.spurious()));
                    });
                }
            }
        }
        return lines;
    }

    /** What one line of the file says of one contestant in one cell. */
    private record Line(String cell, String name, double mean, double p99, double max, double wire) {
        static Line of(String text) {
            String[] part = text.split(",", -1);
            String cell = "| " + (part[0].equals("b") ? "bursts" : part[0] + " %") + " | " + part[1] + " | " + part[2]
                    + " | " + part[3];
            return new Line(cell, part[4], number(part[5]), number(part[7]), number(part[8]), number(part[9]));
        }

        private static double number(String text) {
            return Double.parseDouble(text);
        }
    }

    private static Line bestOther(Map<String, Line> lines, Line ours, double mostWire) {
        return lines.values().stream()
                .filter(line -> line.name().endsWith(" tick") || line.name().endsWith(" flush"))
                .filter(line -> line.wire() <= mostWire)
                .min((a, b) -> Double.compare(a.p99(), b.p99()))
                .orElse(ours);
    }

    private static void table(List<String> texts) {
        Map<String, Map<String, Line>> cells = new LinkedHashMap<>();
        for (String text : texts) {
            Line line = Line.of(text);
            cells.computeIfAbsent(line.cell(), key -> new LinkedHashMap<>()).put(line.name(), line);
        }
        System.out.println(
                "| loss | RTT ms | jitter ms | per s | best other | its p99 | its bytes | our p99 | our bytes"
                        + " | p99 ratio | bytes ratio | mean ratio | best other of no more bytes | p99 ratio |");
        System.out.println("| --- ".repeat(14) + "|");
        Map<String, double[]> sums = new LinkedHashMap<>();
        int held = 0;
        int lossy = 0;
        int beaten = 0;
        for (Map.Entry<String, Map<String, Line>> cell : cells.entrySet()) {
            Map<String, Line> lines = cell.getValue();
            Line ours = lines.getOrDefault(OURS, new Line("", OURS, 1, 1, 1, 1));
            Line best = bestOther(lines, ours, Double.MAX_VALUE);
            Line frugal = bestOther(lines, ours, 1.05 * ours.wire());
            double p99 = ours.p99() / best.p99();
            double wire = ours.wire() / best.wire();
            System.out.printf(
                    Locale.ROOT,
                    "%s | %s | %.0f | %.3f | %.0f | %.3f | %.2f | %.2f | %.2f | %s | %.2f |%n",
                    cell.getKey(),
                    best.name(),
                    best.p99(),
                    best.wire(),
                    ours.p99(),
                    ours.wire(),
                    p99,
                    wire,
                    ours.mean() / best.mean(),
                    frugal == ours ? "none" : frugal.name(),
                    ours.p99() / frugal.p99());
            if (!cell.getKey().startsWith("| 0 %") && !cell.getKey().startsWith("| 1 %")) {
                lossy++;
                held += p99 <= 0.85 && wire <= 1.05 ? 1 : 0;
                beaten += ours.p99() <= frugal.p99() ? 1 : 0;
                for (Line line : lines.values()) {
                    double[] sum = sums.computeIfAbsent(line.name(), key -> new double[4]);
                    sum[0] += Math.log(line.mean() / ours.mean());
                    sum[1] += Math.log(line.p99() / ours.p99());
                    sum[2] += Math.log(line.max() / ours.max());
                    sum[3] += Math.log(line.wire() / ours.wire());
                }
            }
        }
        int count = lossy;
        System.out.printf(
                "%nOf %d cells with 5 %% loss and more, %d hold p99 at most 0.85 x the best other and bytes"
                        + " at most 1.05 x its. In %d, no other that spends at most 1.05 x our bytes has a lower p99.%n%n",
                count, held, beaten);
        System.out.println("| contestant, in geometric means over these cells | mean | p99 | max | bytes |");
        System.out.println("| --- | --- | --- | --- | --- |");
        sums.forEach((name, sum) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f | %.3f |%n",
                name,
                Math.exp(sum[0] / count),
                Math.exp(sum[1] / count),
                Math.exp(sum[2] / count),
                Math.exp(sum[3] / count)));
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Path csv = Path.of(arguments[1]);
        if (arguments[0].equals("table")) {
            table(Files.readAllLines(csv).stream()
                    .filter(line -> !line.startsWith("loss,"))
                    .toList());
            return;
        }
        for (int i = 2; i < arguments.length; i++) {
            List<String> lines = run(arguments[i]);
            Files.write(csv, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
