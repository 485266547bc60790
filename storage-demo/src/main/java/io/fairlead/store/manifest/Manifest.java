package io.fairlead.store.manifest;

import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What one version of a key holds. A deleted key keeps a manifest that says so, since a node that was down would bring
 * the key back otherwise.
 *
 * @param created by the clock of the writer; only for people to read
 * @param length of the value
 * @param sha256 of the value, in lower-case hexadecimal
 */
public record Manifest(
        String key,
        Version version,
        boolean deleted,
        Instant created,
        long length,
        String sha256,
        List<ChunkRef> chunks) {
    public static final int MAX_KEY_BYTES = 1024;
    /** Keeps a manifest below the 16 MiB that transports take as a message; 1.5 TiB in chunks of 4 MiB. */
    public static final int MAX_CHUNKS = 400_000;

    private static final int SHA_BYTES = 32;
    private static final int MIN_REF_BYTES = 16 + 4 + 4 + 1;

    public Manifest {
        chunks = List.copyOf(chunks);
        checkKey(key);
        if (chunks.size() > MAX_CHUNKS) {
            throw new IllegalArgumentException(chunks.size() + " chunks, allowed " + MAX_CHUNKS);
        }
        if (sha256.length() != 2 * SHA_BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 64 digits: '" + sha256 + "'");
        }
        if (length != chunks.stream().mapToLong(ChunkRef::length).sum()) {
            throw new IllegalArgumentException("the chunks do not add up to " + length + " bytes");
        }
    }

    /** Fails with {@link IllegalArgumentException} on a key that cannot be one. */
    public static void checkKey(String key) {
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_KEY_BYTES || key.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + MAX_KEY_BYTES + " bytes of UTF-8 without control characters, not " + bytes);
        }
    }

    /** What says that the key is gone. */
    public static Manifest tombstone(String key, Version version, Instant at) {
        return new Manifest(key, version, true, at, 0, "0".repeat(2 * SHA_BYTES), List.of());
    }

    public ManifestSummary summary() {
        return new ManifestSummary(key, version, deleted, created, length, chunks.size());
    }

    public void encode(WireWriter out) {
        out.text(key).i64(version.number()).i64(version.writer()).u8(deleted ? 1 : 0);
        out.i64(created.toEpochMilli()).i64(length).raw(HexFormat.of().parseHex(sha256));
        Map<String, Integer> indexes = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (ChunkRef chunk : chunks) {
            for (String node : chunk.nodes()) {
                if (indexes.putIfAbsent(node, names.size()) == null) {
                    names.add(node);
                }
            }
        }
        out.i32(names.size());
        names.forEach(out::text);
        out.i32(chunks.size());
        for (ChunkRef chunk : chunks) {
            out.i64(chunk.id().high()).i64(chunk.id().low()).i32(chunk.length()).i32(chunk.combinedCrc());
            out.u8(chunk.nodes().size());
            chunk.nodes().forEach(node -> out.u8(indexes.getOrDefault(node, 0)));
        }
    }

    public static Manifest decode(WireReader in) {
        String key = in.text();
        Version version = new Version(in.i64(), in.i64());
        boolean deleted = in.flag();
        Instant created = Instant.ofEpochMilli(in.i64());
        long length = in.i64();
        String sha256 = HexFormat.of().formatHex(in.raw(SHA_BYTES));
        List<String> names = in.list(2, WireReader::text);
        List<ChunkRef> chunks = in.list(MIN_REF_BYTES, from -> chunk(from, names));
        return in.checked(() -> new Manifest(key, version, deleted, created, length, sha256, chunks));
    }

    private static ChunkRef chunk(WireReader in, List<String> names) {
        ChunkId id = new ChunkId(in.i64(), in.i64());
        int length = in.i32();
        int crc = in.i32();
        List<String> nodes = new ArrayList<>();
        for (int left = in.u8(); left > 0; left--) {
            int index = in.u8();
            if (index >= names.size()) {
                throw in.bad("node " + index + " of " + names.size());
            }
            nodes.add(names.get(index));
        }
        return in.checked(() -> new ChunkRef(id, length, crc, nodes));
    }
}
