package io.fairlead.store.manifest;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.Volume;
import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of one node, a file each, named by the SHA-256 of the key; summaries in memory. A file, little-endian:
 * <pre>
 *  0 magic "FLMANIF1" (8) | 8 version (4) | 12 length of the manifest (4) | 16 CRC32C of the manifest (4)
 * 20 CRC32C of bytes 0..20 (4) | 24 the manifest as in messages
 * </pre>
 */
public final class LocalManifests implements ManifestStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalManifests.class);
    private static final long MAGIC = 0x3146494e414d4c46L;
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 24;

    private final Path root;
    private final DurableFiles files;
    private final ConcurrentNavigableMap<String, ManifestSummary> summaries = new ConcurrentSkipListMap<>();
    private final Object writing = new Object();

    private LocalManifests(Path root, DurableFiles files) {
        this.root = root;
        this.files = files;
    }

    /** Finds all manifests again; a damaged one is set aside. */
    public static LocalManifests open(Volume volume, DurableFiles files) {
        LocalManifests manifests = new LocalManifests(volume.directory().resolve("manifests"), files);
        try {
            files.makeDirectories(manifests.root, List.of());
            try (Stream<Path> found = Files.list(manifests.root)) {
                for (Path path : (Iterable<Path>) found::iterator) {
                    manifests.recover(volume, path);
                }
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + manifests.root + ": " + e, e);
        }
        return manifests;
    }

    private void recover(Volume volume, Path path) throws IOException {
        try {
            Manifest manifest = decode(path, Files.readAllBytes(path));
            summaries.put(manifest.key(), manifest.summary());
        } catch (StoreException e) {
            if (e.error() == StoreError.NEWER_FORMAT) {
                throw e;
            }
            LOG.error("{}; set aside", e.getMessage());
            volume.setAside(path);
        }
    }

    @Override
    public Optional<Manifest> get(String key) {
        if (!summaries.containsKey(key)) {
            return Optional.empty();
        }
        Path path = root.resolve(fileName(key));
        try {
            return Optional.of(decode(path, Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + path + ": " + e, e);
        }
    }

    @Override
    public void put(Manifest manifest) {
        synchronized (writing) {
            ManifestSummary there = summaries.get(manifest.key());
            if (there != null && there.version().compareTo(manifest.version()) >= 0) {
                return;
            }
            if (manifest.deleted()) {
                files.writeFromReserve(root, fileName(manifest.key()), encode(manifest));
            } else {
                files.write(root, fileName(manifest.key()), encode(manifest));
            }
            summaries.put(manifest.key(), manifest.summary());
        }
    }

    @Override
    public List<ManifestSummary> list(String prefix, String after, int limit) {
        boolean fromAfter = after.compareTo(prefix) >= 0;
        return summaries.tailMap(fromAfter ? after : prefix, !fromAfter).values().stream()
                .takeWhile(summary -> summary.key().startsWith(prefix))
                .limit(limit)
                .toList();
    }

    /** Keys that are not deleted. */
    public int count() {
        return (int) summaries.values().stream().filter(s -> !s.deleted()).count();
    }

    private static ByteBuffer encode(Manifest manifest) {
        WireWriter out = new WireWriter();
        manifest.encode(out);
        byte[] body = out.toByteArray();
        ByteBuffer file = ByteBuffer.allocate(HEAD_BYTES + body.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(MAGIC).putInt(VERSION).putInt(body.length).putInt(crc(ByteBuffer.wrap(body)));
        file.putInt(crc(file.slice(0, 20))).put(body);
        return file.flip();
    }

    private static Manifest decode(Path path, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEAD_BYTES || in.getLong(0) != MAGIC || in.getInt(20) != crc(in.slice(0, 20))) {
            throw new StoreException(StoreError.CORRUPT, path + " is torn or rotten: bad head");
        }
        if (in.getInt(8) != VERSION) {
            throw new StoreException(
                    StoreError.NEWER_FORMAT, path + " has format " + in.getInt(8) + ", this program knows " + VERSION);
        }
        ByteBuffer body = in.slice(HEAD_BYTES, bytes.length - HEAD_BYTES);
        if (in.getInt(12) != body.remaining() || in.getInt(16) != crc(body.slice())) {
            throw new StoreException(StoreError.CORRUPT, path + " is torn or rotten");
        }
        WireReader fields = new WireReader(body);
        Manifest manifest = Manifest.decode(fields);
        fields.end();
        return manifest;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String fileName(String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(key.getBytes(StandardCharsets.UTF_8))) + ".manifest";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
