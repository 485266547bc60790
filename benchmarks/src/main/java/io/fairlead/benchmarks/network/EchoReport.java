package io.fairlead.benchmarks.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Writes tables and pictures of all the data in a directory. */
final class EchoReport {
    private EchoReport() {}

    /** @return the tables */
    static String write(Path directory) throws IOException {
        List<EchoData> all = new ArrayList<>();
        for (Weather weather : Weather.ALL) {
            if (EchoData.exists(directory, weather)) {
                all.add(EchoData.read(directory, weather));
            }
        }
        StringBuilder tables = new StringBuilder("## What must hold\n\n")
                .append(Requirement.table(all))
                .append(Requirement.againstEach(all));
        StringBuilder samples = new StringBuilder("## Samples\n");
        for (EchoData data : all) {
            String picture = "kcp-echo-" + data.weather().name() + ".svg";
            Files.writeString(directory.resolve(picture), LatencyPlot.of(data));
            tables.append(table(data, picture));
            samples.append("\n```\n");
            data.facts().forEach(fact -> samples.append(fact).append('\n'));
            data.failures().forEach(failure -> samples.append("FAILED: " + failure + "\n"));
            samples.append(EchoSample.COLUMNS).append('\n');
            data.samples().forEach(sample -> samples.append(sample.print()).append('\n'));
            samples.append("```\n");
        }
        String introduction = """
                # An echo over a network that loses packets

                1 KiB there and back each 20 ms, open loop: latency counts from when the message should have been sent. 20 ms each way
                without jitter unless told; the weather is that of both directions. Medians over the seeds, (least..most). Wire bytes are those
                of all IP packets from the first on, handshake included. Every echo was compared with what was sent. All contestants of a seed
                ran at the same time with real-time priority, each in a network of its own with that seed. `latest_send_ms` tells how
                late a message was handed over at worst: if that is much, the machine was busy. The best other KCP is the one with the
                least p99. All latencies in microseconds are in `kcp-echo-*.data.gz`; what the tables mean is in `kcp.md`.

                """;
        Files.writeString(directory.resolve("kcp-echo.md"), introduction + tables + setUps(all) + samples);
        return tables.toString();
    }

    private static String setUps(List<EchoData> all) {
        StringBuilder text = new StringBuilder("## Set up\n\n");
        for (Peer peer : Peers.ALL) {
            if (all.stream().anyMatch(data -> data.peers().contains(peer.name()))) {
                text.append("- " + peer.name() + ": " + peer.setUp() + "\n");
            }
        }
        return text.append('\n').toString();
    }

    private static String table(EchoData data, String picture) {
        StringJoiner names = new StringJoiner(" | ", "| ", " |\n");
        StringJoiner rule = new StringJoiner("|", "|", "|\n");
        names.add("contestant (seeds)");
        rule.add("---");
        for (EchoFigure figure : EchoFigure.values()) {
            names.add(figure.title);
            rule.add("---:");
        }
        StringBuilder text = new StringBuilder();
        text.append("## " + data.weather().title() + "\n\n![latencies](" + picture + ")\n\n");
        text.append(names).append(rule);
        for (String peer : data.peers()) {
            List<EchoSample> seeds = data.of(peer);
            StringJoiner cells = new StringJoiner(" | ", "| ", " |\n");
            cells.add(peer + " (" + seeds.size() + ")");
            for (EchoFigure figure : EchoFigure.values()) {
                cells.add(figure.print(figure.over(seeds)));
            }
            text.append(cells);
        }
        text.append('\n');
        data.failures().forEach(failure -> text.append("- FAILED: " + failure + "\n"));
        long overrun = data.samples().stream()
                .mapToLong(sample -> sample.wire().overrun())
                .sum();
        if (overrun > 0) {
            text.append("\n**Void**: the emulator lost " + overrun + " packets by itself.\n");
        }
        return text.append('\n').toString();
    }
}
