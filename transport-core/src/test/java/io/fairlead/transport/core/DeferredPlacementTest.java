package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Small writes of one read are placed together, but never later than anybody may look. */
class DeferredPlacementTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Completion IGNORED = (context, failure, value) -> {};

    @Test
    void overlappingWritesOfAnySizeEndAsTheLastOneWrote() {
        try (Conversation conversation = new Conversation()) {
            conversation.settle(Conversation::whole);
            Connection connection = conversation.connected();
            RegionDescriptor all = conversation.target.grant(Rights.ALL).descriptor();
            int[] sizes = {64, 5000, 64, 2000, 20_000, 64, 64};
            for (int i = 0; i < sizes.length; i++) {
                conversation
                        .source
                        .segment()
                        .asSlice(i * 3000L, Math.min(sizes[i], 3000))
                        .fill((byte) (i + 1));
                connection.tryWrite(
                        conversation.source, i * 3000L, all, 0, Math.min(sizes[i], 3000), LONG.toNanos(), IGNORED, 0);
            }
            conversation.settle(Conversation::whole);
            assertThat(conversation.target.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
            assertThat(conversation.target.segment().get(JAVA_BYTE, 64)).isEqualTo((byte) 5);
        }
    }

    @Test
    void aReadAnAtomicAndAnotherGrantSeeTheWritesBefore() {
        try (Conversation conversation = new Conversation()) {
            conversation.settle(Conversation::whole);
            Connection connection = conversation.connected();
            RegionDescriptor all = conversation.target.grant(Rights.ALL).descriptor();
            RegionDescriptor same = conversation.target.grant(Rights.ALL).descriptor();
            conversation.source.segment().fill((byte) 1);
            connection.tryWrite(conversation.source, 0, all, 0, 8, LONG.toNanos(), IGNORED, 0);
            connection.tryWrite(conversation.source, 0, same, 8, 8, LONG.toNanos(), IGNORED, 0);
            connection.tryWrite(conversation.source, 0, all, 16, 8, LONG.toNanos(), IGNORED, 0);
            Operation<Long> old = connection.fetchAndAdd(all, 0, 1, LONG);
            connection.tryWrite(conversation.source, 0, all, 24, 8, LONG.toNanos(), IGNORED, 0);
            connection.read(conversation.copy, 0, all, 0, 32, LONG);
            conversation.settle(Conversation::whole);
            assertThat(old.result()).isCompletedWithValue(0x0101010101010101L);
            assertThat(conversation.copy.segment().asSlice(8, 24).toArray(JAVA_BYTE))
                    .containsOnly(1);
        }
    }

    @Test
    void nothingIsHeldAfterARead() {
        try (Conversation conversation = new Conversation()) {
            conversation.settle(Conversation::whole);
            MemoryRegion.Grant grant = conversation.target.grant(Rights.ALL);
            conversation
                    .connected()
                    .tryWrite(conversation.source, 0, grant.descriptor(), 0, 64, LONG.toNanos(), IGNORED, 0);
            conversation.settle(Conversation::whole);
            assertThat(grant.revoke()).isCompleted();
        }
    }

    @Test
    void aSmallWriteBehindARunIsPlacedWholeAndHeldUntilItIs() {
        try (Conversation conversation = new Conversation()) {
            conversation.settle(Conversation::whole);
            MemoryRegion.Grant grant = conversation.target.grant(Rights.ALL);
            HostileFrame deferred = write(grant.descriptor(), 1, FrameHeader.FLAG_DEFERRED, 0, 5000);
            HostileFrame small = write(grant.descriptor(), 2, 0, 6000, 500);
            byte[] run = ByteBuffer.allocate(deferred.header.length + small.header.length + 5500)
                    .put(deferred.header)
                    .put(small.header)
                    .put(deferred.payload)
                    .put(small.payload)
                    .array();
            conversation.far.give(run, 0, run.length - 300);
            CompletableFuture<?> revoked = grant.revoke();
            assertThat(revoked).isNotDone();
            conversation.far.give(run, run.length - 300, run.length);
            assertThat(conversation.target.segment().asSlice(6000, 500).toArray(JAVA_BYTE))
                    .isEqualTo(small.payload);
            assertThat(revoked).isCompleted();
        }
    }

    private static HostileFrame write(RegionDescriptor target, int sequence, int flags, long offset, int bytes) {
        HostileFrame frame = HostileFrame.of(FrameHeader.WRITE, flags | FrameHeader.FLAG_LAST, 0, bytes, sequence, 0);
        FrameHeader.target(frame.fields(), 0, target.regionId(), target.generation(), target.token(), offset);
        for (int i = 0; i < bytes; i++) {
            frame.payload[i] = (byte) (i + sequence);
        }
        return frame;
    }
}
