package io.fairlead.store.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.Version;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
    private static final ChunkId ID = new ChunkId(-1, 42);
    private static final BlockChecksums CHECKSUMS = new BlockChecksums(1500, 512, new int[] {1, -2, 3});
    private static final RegionDescriptor SLOT =
            new RegionDescriptor(1, 2, 3, 4096, Rights.WRITE, 5, Instant.ofEpochMilli(123_456), null);
    private static final Manifest MANIFEST = new Manifest(
            "dir/ä key",
            new Version(7, -8),
            false,
            Instant.ofEpochMilli(99),
            1500,
            "ab".repeat(32),
            List.of(
                    new ChunkRef(ID, 1000, 17, List.of("n1", "n3")),
                    new ChunkRef(new ChunkId(5, 6), 500, 18, List.of("n3", "n2"))));

    static List<Request> requests() {
        return List.of(
                new Request.Hello("c", "n1"),
                new Request.GrantSlot(4096),
                new Request.CommitChunk(Long.MIN_VALUE, ID, CHECKSUMS),
                new Request.ReadChunk(ID),
                new Request.Release(9),
                new Request.DeleteChunks(List.of(ID, new ChunkId(1, 2))),
                new Request.PutManifest(MANIFEST),
                new Request.GetManifest("k"),
                new Request.ListManifests("p", "", 100),
                new Request.AskStatus());
    }

    static List<Reply> replies() {
        return List.of(
                new Reply.Failure(StoreError.BUSY, 20, "no slot"),
                new Reply.Done(),
                new Reply.Granted(1, SLOT),
                new Reply.Staged(2, SLOT, CHECKSUMS),
                new Reply.Found(Optional.empty()),
                new Reply.Found(Optional.of(MANIFEST)),
                new Reply.Listing(List.of(MANIFEST.summary())),
                new Reply.Status(new NodeStatus("n", "tcp", 1, 2, 3, 4, 5, 6, 7, 8, "h:1")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestComesBackAsItWas(Request request) {
        check(request.encode(), Request::decode, request);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyComesBackAsItWas(Reply reply) {
        check(reply.encode(), Reply::decode, reply);
    }

    /** Whole it decodes; cut or with something behind it, it is refused; with flipped bits it never does anything else. */
    private static <T> void check(byte[] bytes, Function<ByteBuffer, T> decoder, T original) {
        assertThat(decoder.apply(ByteBuffer.wrap(bytes))).isEqualTo(original);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertRefused(() -> decoder.apply(ByteBuffer.wrap(cut)));
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertRefused(() -> decoder.apply(ByteBuffer.wrap(longer)));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5000; round++) {
            byte[] mutated = bytes.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                var _ = decoder.apply(ByteBuffer.wrap(mutated));
            } catch (StoreException e) {
                assertThat(e.error()).as("seed %d", seed).isEqualTo(StoreError.BAD_MESSAGE);
            }
        }
    }

    private static void assertRefused(ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.BAD_MESSAGE));
    }

    @Test
    void anotherVersionAndAnUnknownTypeAreNamed() {
        assertThatThrownBy(() -> Request.decode(ByteBuffer.wrap(new byte[] {2, 10})))
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> Request.decode(ByteBuffer.wrap(new byte[] {1, 99})))
                .hasMessageContaining("99");
    }

    @Test
    void aForgedLengthAllocatesNothing() {
        byte[] bytes = new Request.DeleteChunks(List.of(ID)).encode();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(2, Integer.MAX_VALUE);
        assertRefused(() -> Request.decode(ByteBuffer.wrap(bytes)));
    }
}
