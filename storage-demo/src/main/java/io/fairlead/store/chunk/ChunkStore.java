package io.fairlead.store.chunk;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.ChunkFormat.Damaged;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.Volume;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of one node: a file each, in 256 directories. A damaged one is set aside, reported as {@link
 * StoreError#CORRUPT} from then on, and served again only when it is written anew. Thread-safe; blocks on the disk.
 */
public final class ChunkStore {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStore.class);
    private static final String SUFFIX = ".chunk";
    private static final List<String> PREFIXES = IntStream.range(0, 256)
            .mapToObj(i -> String.format(Locale.ROOT, "%02x", i))
            .toList();

    private final Volume volume;
    private final UUID volumeId;
    private final Path root;
    private final DurableFiles files;
    private final ChunkMeters meters;
    private final Map<ChunkId, BlockSummary> present = new ConcurrentHashMap<>();
    private final Map<ChunkId, String> damaged = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    /** Writers and deleters of one chunk exclude each other; which chunks share a lock matters to nobody. */
    private final Object[] locks = Stream.generate(Object::new).limit(64).toArray();

    /** What is kept in memory of each chunk. */
    private record BlockSummary(int length, int combinedCrc) {}

    private ChunkStore(Volume volume, DurableFiles files, MeterRegistry registry) {
        this.volume = volume;
        this.volumeId = volume.label().id();
        this.root = volume.directory().resolve("chunks");
        this.files = files;
        this.meters = new ChunkMeters(registry, present::size, bytes::get, damaged::size);
    }

    /** Finds all chunks again. Heads and lengths are checked now, data when it is read. */
    public static ChunkStore open(Volume volume, DurableFiles files, MeterRegistry registry) {
        ChunkStore store = new ChunkStore(volume, files, registry);
        try {
            store.recallDamaged();
            files.makeDirectories(store.root, PREFIXES);
            try (Stream<Path> found = Files.walk(store.root, 2)) {
                for (Path path : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                    store.recover(path);
                }
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + store.root + ": " + e, e);
        }
        return store;
    }

    private void recallDamaged() throws IOException {
        try (Stream<Path> aside = Files.list(volume.directory().resolve("damaged"))) {
            aside.forEach(path -> idOf(path).ifPresent(id -> damaged.put(id, "set aside earlier")));
        }
    }

    private void recover(Path path) throws IOException {
        ChunkId id = idOf(path).orElse(null);
        if (id == null) {
            LOG.warn("{} is no chunk; left alone", path);
            return;
        }
        try {
            remember(id, ChunkFile.inspect(path, id, volumeId));
            damaged.remove(id);
        } catch (Damaged e) {
            if (e.newer()) {
                throw new StoreException(StoreError.NEWER_FORMAT, path + " " + e.reason(), e);
            }
            condemn(id, path, e);
        }
    }

    private static Optional<ChunkId> idOf(Path path) {
        String name = path.getFileName().toString();
        try {
            return name.endsWith(SUFFIX)
                    ? Optional.of(ChunkId.parse(name.substring(0, name.length() - SUFFIX.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void remember(ChunkId id, BlockChecksums checksums) {
        present.put(id, new BlockSummary(checksums.length(), checksums.combined()));
        bytes.addAndGet(checksums.length());
    }

    private boolean forget(ChunkId id) {
        BlockSummary gone = present.remove(id);
        if (gone != null) {
            bytes.addAndGet(-gone.length());
        }
        return gone != null;
    }

    private StoreException condemn(ChunkId id, Path path, Damaged why) {
        LOG.error("chunk {} is {}; set aside", id, why.reason());
        meters.rotten();
        damaged.put(id, why.reason());
        forget(id);
        volume.setAside(path);
        return damaged(id, why.reason());
    }

    /**
     * Checks the remaining bytes of {@code data} against {@code checksums} and keeps them, as safe as the policy says.
     * Writing the same again does nothing. The position of {@code data} stays.
     *
     * @throws StoreException {@link StoreError#CORRUPT} if the bytes do not fit, {@link StoreError#CONFLICT} if the id
     *     holds other bytes, and those of {@link DurableFiles#write}
     */
    public void write(ChunkId id, ByteBuffer data, BlockChecksums checksums) {
        int bad = data.remaining() == checksums.length() ? checksums.firstBadBlock(data) : 0;
        if (bad >= 0) {
            throw new StoreException(
                    StoreError.CORRUPT,
                    "chunk " + id + " came damaged to " + node() + ": block " + bad + " of " + checksums);
        }
        long startNs = System.nanoTime();
        synchronized (lockOf(id)) {
            BlockSummary there = present.get(id);
            if (there == null) {
                files.write(directoryOf(id), id + SUFFIX, ChunkFormat.encode(id, volumeId, checksums), data.slice());
                remember(id, checksums);
                damaged.remove(id);
            } else if (there.combinedCrc() != checksums.combined()) {
                throw new StoreException(StoreError.CONFLICT, "chunk " + id + " on " + node() + " holds other bytes");
            }
        }
        meters.written(System.nanoTime() - startNs, checksums.length());
    }

    /**
     * Reads a chunk into {@code into} from its position on, which stays. Every block was checked when it returns.
     *
     * @throws StoreException {@link StoreError#NOT_FOUND} or {@link StoreError#CORRUPT}; {@code into} may be scribbled on
     */
    public BlockChecksums read(ChunkId id, ByteBuffer into) {
        String reason = damaged.get(id);
        if (reason != null) {
            throw damaged(id, reason);
        }
        if (!present.containsKey(id)) {
            throw notFound(id);
        }
        long startNs = System.nanoTime();
        BlockChecksums checksums;
        try {
            checksums = ChunkFile.read(pathOf(id), id, volumeId, into);
        } catch (Damaged e) {
            checksums = readAgain(id, into);
        } catch (IOException e) {
            throw readFailed(id, e);
        }
        meters.read(System.nanoTime() - startNs, checksums.length());
        return checksums;
    }

    /** With writers kept out, so that a file written anew meanwhile is not the one that is set aside. */
    private BlockChecksums readAgain(ChunkId id, ByteBuffer into) {
        synchronized (lockOf(id)) {
            try {
                return ChunkFile.read(pathOf(id), id, volumeId, into);
            } catch (Damaged e) {
                throw condemn(id, pathOf(id), e);
            } catch (IOException e) {
                throw readFailed(id, e);
            }
        }
    }

    private StoreException readFailed(ChunkId id, IOException cause) {
        if (!(cause instanceof NoSuchFileException)) {
            return new StoreException(StoreError.IO, "cannot read " + pathOf(id) + ": " + cause, cause);
        }
        String reason = damaged.get(id);
        if (reason != null) {
            return damaged(id, reason);
        }
        forget(id);
        return notFound(id);
    }

    private StoreException damaged(ChunkId id, String reason) {
        return new StoreException(StoreError.CORRUPT, "chunk " + id + " on " + node() + " is " + reason);
    }

    /** Whether it was there. A power failure may bring it back. */
    public boolean delete(ChunkId id) {
        synchronized (lockOf(id)) {
            boolean known = forget(id) | damaged.remove(id) != null;
            try {
                Files.deleteIfExists(pathOf(id));
                Files.deleteIfExists(volume.directory().resolve("damaged").resolve(id + SUFFIX));
            } catch (IOException e) {
                throw new StoreException(StoreError.IO, "cannot delete chunk " + id + " on " + node() + ": " + e, e);
            }
            return known;
        }
    }

    public boolean contains(ChunkId id) {
        return present.containsKey(id);
    }

    /** Chunks that can be read. */
    public int count() {
        return present.size();
    }

    /** Data bytes of those. */
    public long bytes() {
        return bytes.get();
    }

    /** Chunks that were found damaged and not written anew, with the reason. */
    public Map<ChunkId, String> damaged() {
        return Map.copyOf(damaged);
    }

    /** The length of a chunk, or -1. */
    public int length(ChunkId id) {
        BlockSummary summary = present.get(id);
        return summary == null ? -1 : summary.length();
    }

    Path pathOf(ChunkId id) {
        return directoryOf(id).resolve(id + SUFFIX);
    }

    private Path directoryOf(ChunkId id) {
        return root.resolve(id.toString().substring(0, 2));
    }

    private StoreException notFound(ChunkId id) {
        return new StoreException(StoreError.NOT_FOUND, "no chunk " + id + " on " + node());
    }

    private String node() {
        return "node " + volume.label().node();
    }

    private Object lockOf(ChunkId id) {
        return locks[(int) (id.low() & (locks.length - 1))];
    }
}
