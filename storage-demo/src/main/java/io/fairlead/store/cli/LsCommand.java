package io.fairlead.store.cli;

import io.fairlead.store.console.Json;
import io.fairlead.store.manifest.ManifestSummary;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists keys in order: bytes, time of storing, key. With --json one object a line.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LsCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions cluster;

    @Parameters(arity = "0..1", defaultValue = "", paramLabel = "PREFIX", description = "Only keys that begin so.")
    String prefix;

    @Override
    public Integer call() {
        return cluster.run(client -> {
            client.list(prefix, entry -> System.out.println(cluster.json() ? Json.text(fields(entry)) : line(entry)));
            return Main.OK;
        });
    }

    private static Map<String, Object> fields(ManifestSummary entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", entry.key());
        fields.put("bytes", entry.length());
        fields.put("chunks", entry.chunks());
        fields.put("created", entry.created());
        fields.put("version", entry.version());
        return fields;
    }

    private static String line(ManifestSummary entry) {
        return String.format(Locale.ROOT, "%14d  %-24s  %s", entry.length(), entry.created(), entry.key());
    }
}
