package io.fairlead.store.cli;

import io.fairlead.store.Bytes;
import io.fairlead.store.client.NodeReport;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.console.Json;
import io.fairlead.store.console.Table;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.protocol.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = {
            "Without a key: how each node is; fails if one does not answer.",
            "With a key: its size, digest and chunks, and which nodes have them."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StatCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions cluster;

    @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key.")
    @Nullable
    String key;

    @Override
    public Integer call() {
        return cluster.run(client -> key == null ? nodes(client.nodes()) : value(client, key));
    }

    private int nodes(List<NodeReport> reports) {
        if (cluster.json()) {
            System.out.println(
                    Json.text(reports.stream().map(StatCommand::fields).toList()));
        } else {
            Table table = new Table(
                    "",
                    "node",
                    "endpoint",
                    "state",
                    "transport",
                    "keys",
                    "chunks",
                    "data",
                    "damaged",
                    "free",
                    "up",
                    "metrics");
            for (NodeReport report : reports) {
                NodeStatus s = report.status();
                if (s == null) {
                    table.row(report.id(), report.endpoint(), "down", "", "", "", "", "", "", "", "");
                } else {
                    table.row(
                            report.id(),
                            report.endpoint(),
                            "up",
                            s.transport(),
                            s.keys(),
                            s.chunks(),
                            Bytes.text(s.bytes()),
                            s.damaged(),
                            Bytes.text(s.usableBytes()),
                            Duration.ofMillis(s.uptimeMs()).toSeconds() + " s",
                            "http://" + s.http() + "/metrics");
                }
            }
            table.print(System.out);
        }
        reports.stream()
                .filter(report -> report.status() == null)
                .forEach(report -> System.err.println("fairlead: " + report.failure()));
        return reports.stream().allMatch(report -> report.status() != null) ? Main.OK : Main.FAILED;
    }

    private static Map<String, Object> fields(NodeReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", report.id());
        fields.put("endpoint", report.endpoint());
        NodeStatus status = report.status();
        fields.put("up", status != null);
        if (status == null) {
            fields.put("failure", "" + report.failure());
        } else {
            fields.put("transport", status.transport());
            fields.put("keys", status.keys());
            fields.put("chunks", status.chunks());
            fields.put("bytes", status.bytes());
            fields.put("damaged", status.damaged());
            fields.put("usableBytes", status.usableBytes());
            fields.put("writeSlotsInUse", status.writeSlotsInUse());
            fields.put("readSlotsInUse", status.readSlotsInUse());
            fields.put("uptimeMs", status.uptimeMs());
            fields.put("http", status.http());
        }
        return fields;
    }

    private int value(StoreClient client, String name) {
        Manifest manifest = client.find(name);
        if (cluster.json()) {
            System.out.println(Json.text(fields(manifest)));
            return Main.OK;
        }
        System.out.println(manifest.key() + ": " + manifest.length() + " B (" + Bytes.text(manifest.length())
                + "), version " + manifest.version() + ", stored " + manifest.created());
        System.out.println("sha256 " + manifest.sha256());
        Table table = new Table("", "chunk", "bytes", "nodes");
        for (ChunkRef chunk : manifest.chunks()) {
            table.row(chunk.id(), chunk.length(), String.join(" ", chunk.nodes()));
        }
        table.print(System.out);
        return Main.OK;
    }

    private static Map<String, Object> fields(Manifest manifest) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", manifest.key());
        fields.put("bytes", manifest.length());
        fields.put("version", manifest.version());
        fields.put("created", manifest.created());
        fields.put("sha256", manifest.sha256());
        List<Map<String, Object>> chunks = new ArrayList<>();
        for (ChunkRef chunk : manifest.chunks()) {
            chunks.add(Map.of("id", chunk.id(), "bytes", chunk.length(), "nodes", chunk.nodes()));
        }
        fields.put("chunks", chunks);
        return fields;
    }
}
