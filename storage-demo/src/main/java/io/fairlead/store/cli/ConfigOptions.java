package io.fairlead.store.cli;

import io.fairlead.store.config.FairleadConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command is configured. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "HOCON file with settings; see reference.conf for all of them.")
    @Nullable
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one setting, over --config: --set store.chunk.bytes=1MiB")
    List<String> sets = new ArrayList<>();

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "tcp, kcp, or another provider; rdma,tcp takes the first that is available.")
    @Nullable
    String transport;

    @Option(names = "--json", description = "Prints the result as JSON on standard output.")
    boolean json;

    /** What the options say as {@code --set}s, the most special last. */
    List<String> allSets(List<String> more) {
        List<String> all = new ArrayList<>();
        if (transport != null) {
            all.add("transport.providers=[" + transport + "]");
            all.add("transport.choice=" + (transport.contains(",") ? "preferred" : "required"));
        }
        all.addAll(more);
        all.addAll(sets);
        return all;
    }

    FairleadConfig load(List<String> more) {
        return FairleadConfig.load(config, allSets(more));
    }
}
