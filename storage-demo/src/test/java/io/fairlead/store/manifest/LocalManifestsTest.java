package io.fairlead.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.disk.Disk;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.store.disk.Volume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalManifestsTest {
    @TempDir
    Path directory;

    private Volume volume;
    private LocalManifests manifests;

    @BeforeEach
    void open() {
        volume = Volume.open(directory, "c", "n1");
        DurableFiles files =
                new DurableFiles(volume.temporary(), FsyncPolicy.ALWAYS, Disk.REAL, 0, new SimpleMeterRegistry());
        manifests = LocalManifests.open(volume, files);
    }

    @AfterEach
    void close() {
        volume.close();
    }

    private static Manifest manifest(String key, long version) {
        ChunkRef chunk = new ChunkRef(new ChunkId(1, version), 10, 5, List.of("n1"));
        return new Manifest(
                key, new Version(version, 1), false, Instant.ofEpochMilli(1), 10, "00".repeat(32), List.of(chunk));
    }

    @Test
    void theNewestWinsWhateverTheOrderAndSurvivesARestart() {
        manifests.put(manifest("k", 2));
        manifests.put(manifest("k", 3));
        manifests.put(manifest("k", 1));
        assertThat(manifests.get("k")).contains(manifest("k", 3));
        close();
        open();
        assertThat(manifests.get("k")).contains(manifest("k", 3));
    }

    @Test
    void aDeletedKeyStaysDeletedAgainstOlderVersions() {
        manifests.put(manifest("k", 1));
        manifests.put(Manifest.tombstone("k", new Version(3, 0), Instant.EPOCH));
        manifests.put(manifest("k", 2));
        assertThat(manifests.get("k").orElseThrow().deleted()).isTrue();
        assertThat(manifests.count()).isZero();
    }

    @Test
    void listingPagesInOrderOfKeys() {
        Stream.of("b/2", "a", "b/1", "b", "c", "b/3").forEach(key -> manifests.put(manifest(key, 1)));
        assertThat(keys("", "", 10)).containsExactly("a", "b", "b/1", "b/2", "b/3", "c");
        assertThat(keys("b/", "", 2)).containsExactly("b/1", "b/2");
        assertThat(keys("b/", "b/2", 2)).containsExactly("b/3");
        assertThat(keys("x", "", 2)).isEmpty();
    }

    private List<String> keys(String prefix, String after, int limit) {
        return manifests.list(prefix, after, limit).stream()
                .map(ManifestSummary::key)
                .toList();
    }

    @Test
    void aRottenManifestIsSetAsideAndTheOthersServed() throws IOException {
        manifests.put(manifest("k", 1));
        try (Stream<Path> files = Files.list(directory.resolve("manifests"))) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
        }
        assertThatThrownBy(() -> manifests.get("k"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.CORRUPT));
        close();
        open();
        assertThat(manifests.get("k")).isEmpty();
        manifests.put(manifest("k", 1));
        assertThat(manifests.get("k")).isPresent();
    }

    @Test
    void aKeyThatCannotBeOneIsRefused() {
        for (String key : List.of("", "a\nb", "x".repeat(1025))) {
            assertThatThrownBy(() -> manifest(key, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
