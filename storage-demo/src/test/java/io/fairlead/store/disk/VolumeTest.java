package io.fairlead.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeTest {
    @TempDir
    Path directory;

    private void assertRefused(StoreError error, String node, String... words) {
        assertThatThrownBy(() -> Volume.open(directory, "c", node).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContainingAll(words);
    }

    private Path make() {
        Volume.open(directory, "c", "n1").close();
        return directory.resolve("volume.fairlead");
    }

    @Test
    void aVolumeKeepsItsIdOverRestarts() {
        Volume first = Volume.open(directory, "c", "n1");
        first.close();
        Volume second = Volume.open(directory, "c", "n1");
        second.close();
        assertThat(second.label()).isEqualTo(first.label());
    }

    @Test
    void anotherNodesVolumeIsRefusedByName() {
        make();
        assertRefused(StoreError.WRONG_VOLUME, "n2", "belongs to node 'n1'", "not to node 'n2'");
    }

    @Test
    void aVolumeInUseIsRefused() {
        Volume held = Volume.open(directory, "c", "n1");
        assertRefused(StoreError.WRONG_VOLUME, "n1", "in use");
        held.close();
    }

    @Test
    void aDirectoryWithOtherThingsIsRefused() throws IOException {
        Files.writeString(directory.resolve("diary.txt"), "dear diary");
        assertRefused(StoreError.WRONG_VOLUME, "n1", "diary.txt");
    }

    @Test
    void anyFlippedBitOfTheLabelIsSeen() throws IOException {
        Path label = make();
        byte[] whole = Files.readAllBytes(label);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(label, flipped);
            assertRefused(StoreError.CORRUPT, "n1", "damaged");
        }
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        Path label = make();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(label)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(8, 7).putInt(16, 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array());
        Files.write(label, bytes.putInt(16, (int) crc.getValue()).array());
        assertRefused(StoreError.NEWER_FORMAT, "n1", "format 7");
    }
}
