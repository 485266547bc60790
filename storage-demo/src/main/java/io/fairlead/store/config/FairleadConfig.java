package io.fairlead.store.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.TransportConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured, read once: {@code --set} over the file over {@code reference.conf}.
 *
 * @param node used by nodes only
 * @param client used by clients only
 */
public record FairleadConfig(NodeConfig node, ClientConfig client, TransportSettings transport) {
    private static final int MIB = 1 << 20;

    /**
     * @param file HOCON, or null
     * @param sets {@code key=value} each
     * @throws ConfigException with all faults
     */
    public static FairleadConfig load(@Nullable Path file, List<String> sets) {
        Config reference = ConfigFactory.parseResources(FairleadConfig.class.getClassLoader(), "reference.conf");
        Config given = overrides(sets);
        try {
            if (file != null) {
                if (!Files.isReadable(file)) {
                    throw new ConfigException(List.of("cannot read " + file));
                }
                given = given.withFallback(ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
            }
            return read(reference, given.resolve());
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(List.of("" + e.getMessage()));
        }
    }

    private static Config overrides(List<String> sets) {
        Config config = ConfigFactory.empty();
        for (String set : sets) {
            int split = set.indexOf('=');
            if (split < 1) {
                throw new ConfigException(List.of("--set wants key=value, not '" + set + "'"));
            }
            String key = set.substring(0, split).strip();
            String value = set.substring(split + 1).strip();
            try {
                // Plain text needs no quotes here, not even with a colon in it; lists and objects are HOCON.
                config = value.matches("\\[.*]|\\{.*}|\".*\"")
                        ? ConfigFactory.parseString(key + "=" + value).withFallback(config)
                        : config.withValue(key, ConfigValueFactory.fromAnyRef(value, "--set"));
            } catch (com.typesafe.config.ConfigException e) {
                throw new ConfigException(List.of("--set " + set + ": " + e.getMessage()));
            }
        }
        return config;
    }

    private static FairleadConfig read(Config reference, Config given) {
        Config config = given.withFallback(reference).resolve();
        Settings settings = new Settings(config);
        UnknownKeys unknown = new UnknownKeys(reference.root());
        settings.texts("transport.providers").forEach(name -> unknown.open("transport." + name));
        unknown.in(given.root()).forEach(settings::fault);

        int chunkBytes = (int) settings.bytes("store.chunk.bytes", BlockChecksums.MIN_BLOCK_BYTES, 1 << 30);
        int maxBytes = (int) settings.bytes("store.chunk.max-bytes", chunkBytes, 1 << 30);
        NodeConfig node = node(settings, maxBytes);
        ClientConfig client = settings.check(s -> client(s, chunkBytes, maxBytes), NO_CLIENT);
        TransportSettings transport = TransportSettings.read(settings);
        settings.throwFaults();
        return new FairleadConfig(node, client, transport);
    }

    private static final ClientConfig NO_CLIENT =
            new ClientConfig("", Map.of(), 1, 1, 1, 1, 1, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static NodeConfig node(Settings s, int slotBytes) {
        FsyncPolicy fsync = new FsyncPolicy(
                s.choice("store.node.fsync.policy", FsyncPolicy.Mode.class, FsyncPolicy.Mode.ALWAYS),
                s.time("store.node.fsync.within", Duration.ofMillis(1), Duration.ofMinutes(10)),
                s.bytes("store.node.fsync.bytes", 1, Long.MAX_VALUE));
        return new NodeConfig(
                s.text("store.cluster"),
                s.text("store.node.id"),
                s.endpoint("store.node.listen"),
                Path.of(s.text("store.node.directory")),
                s.endpoint("store.node.http"),
                slotBytes,
                s.number("store.node.write-slots", 1, 4096),
                s.number("store.node.read-slots", 1, 4096),
                s.time("store.node.lease", Duration.ofMillis(10), Duration.ofHours(1)),
                s.time("store.node.retry-after", Duration.ofMillis(1), Duration.ofSeconds(10)),
                s.number("store.node.max-requests", 1, 1 << 16),
                s.bytes("store.node.reserve", 0, Long.MAX_VALUE),
                fsync);
    }

    private static ClientConfig client(Settings s, int chunkBytes, int maxBytes) {
        Map<String, Endpoint> nodes = new TreeMap<>();
        s.leaves("store.nodes")
                .forEach((id, address) ->
                        nodes.put(String.join(".", ConfigUtil.splitPath(id)), Endpoint.parse(address)));
        return new ClientConfig(
                s.text("store.cluster"),
                nodes,
                chunkBytes,
                maxBytes,
                (int) s.bytes("store.chunk.block-bytes", BlockChecksums.MIN_BLOCK_BYTES, MIB),
                s.number("store.replication.replicas", 1, 64),
                s.number("store.replication.min-replicas", 1, 64),
                s.number("store.client.chunks-in-flight", 1, 1024),
                s.time("store.client.chunk-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
                s.time("store.client.request-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
                s.time("store.client.dead-for", Duration.ofMillis(1), Duration.ofHours(1)));
    }

    /** What the transport is started with. */
    public TransportConfig transportConfig() {
        return transport.config();
    }
}
