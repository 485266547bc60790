package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the rings encode does what it says, on a real device. */
@Tag("rdma")
class DataPathTest {
    private Loopback loopback;
    private Loopback.End client;
    private Loopback.End server;
    private MemorySegment from;
    private MemorySegment to;

    @BeforeEach
    void connect() throws Exception {
        loopback = Loopback.connected();
        client = loopback.client();
        server = loopback.server();
        from = client.region.memory();
        to = server.region.memory();
        for (int i = 0; i < from.byteSize(); i++) {
            from.set(JAVA_BYTE, i, (byte) (i * 31 + 7));
        }
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    @Test
    void writePlacesBytesAndNoOthers() throws Exception {
        client.sends.write(0, 1, SendRing.SIGNALED, remote(4096), server.region.remoteKey());
        client.local(0, 100, 3000);
        client.post(0);
        client.awaitSuccess(1);

        assertThat(to.asSlice(4096, 3000).mismatch(from.asSlice(100, 3000))).isEqualTo(-1);
        assertThat(isZero(to, 0, 4096)).isTrue();
        assertThat(isZero(to, 4096 + 3000, 4096)).isTrue();
    }

    @Test
    void writeGathersTwoBuffers() throws Exception {
        client.sends.write(1, 2, SendRing.SIGNALED, remote(0), server.region.remoteKey());
        client.sends.local(1, 0, client.region.address() + 10, 20, client.region.localKey());
        client.sends.local(1, 1, client.region.address() + 500, 30, client.region.localKey());
        client.post(1);
        client.awaitSuccess(2);

        assertThat(to.asSlice(0, 20).mismatch(from.asSlice(10, 20))).isEqualTo(-1);
        assertThat(to.asSlice(20, 30).mismatch(from.asSlice(500, 30))).isEqualTo(-1);
    }

    @Test
    void readFetchesBytes() throws Exception {
        to.asSlice(8192, 9000).copyFrom(from.asSlice(0, 9000));
        client.sends.read(2, 3, SendRing.SIGNALED, remote(8192), server.region.remoteKey());
        client.local(2, 30_000, 9000);
        client.post(2);
        assertThat(client.awaitSuccess(3).byteLength(0)).isEqualTo(9000);

        assertThat(from.asSlice(30_000, 9000).mismatch(from.asSlice(0, 9000))).isEqualTo(-1);
    }

    @Test
    void sendFillsTheReceive() throws Exception {
        server.receive(0, 77, 0, 4096);
        client.sends.send(0, 4, SendRing.SIGNALED);
        client.local(0, 0, 1234);
        client.post(0);
        client.awaitSuccess(4);

        CompletionArray received = server.awaitSuccess(77);
        assertThat(received.byteLength(0)).isEqualTo(1234);
        assertThat(received.opcode(0) & CompletionArray.OPCODE_RECEIVE).isNotZero();
        assertThat(received.hasImmediate(0)).isFalse();
        assertThat(received.queuePairNumber(0)).isEqualTo(server.pair.number());
        assertThat(to.asSlice(0, 1234).mismatch(from.asSlice(0, 1234))).isEqualTo(-1);
    }

    @Test
    void sendWithImmediateCarriesItsValue() throws Exception {
        server.receive(0, 78, 0, 64);
        client.sends.sendWithImmediate(0, 5, SendRing.SIGNALED | SendRing.SOLICITED, 0x12345678);
        client.local(0, 0, 8);
        client.post(0);

        CompletionArray received = server.awaitSuccess(78);
        assertThat(received.hasImmediate(0)).isTrue();
        assertThat(received.immediate(0)).isEqualTo(0x12345678);
        client.awaitSuccess(5);
    }

    @Test
    void writeWithImmediateWritesAndTakesAReceiveWithoutBuffer() throws Exception {
        server.receives.receive(3, 79);
        server.pair.post(server.receives, 3, 1);
        client.sends.writeWithImmediate(0, 6, SendRing.SIGNALED, remote(512), server.region.remoteKey(), 0xcafebabe);
        client.local(0, 0, 256);
        client.post(0);

        CompletionArray received = server.awaitSuccess(79);
        assertThat(received.immediate(0)).isEqualTo(0xcafebabe);
        assertThat(received.byteLength(0)).isEqualTo(256);
        assertThat(to.asSlice(512, 256).mismatch(from.asSlice(0, 256))).isEqualTo(-1);
        client.awaitSuccess(6);
    }

    @Test
    void atomicsReturnTheOldValue() throws Exception {
        to.set(JAVA_LONG, 64, 40);
        client.sends.fetchAndAdd(0, 7, SendRing.SIGNALED, remote(64), server.region.remoteKey(), 2);
        client.local(0, 0, 8);
        client.post(0);
        client.awaitSuccess(7);
        assertThat(from.get(JAVA_LONG, 0)).isEqualTo(40);
        assertThat(to.get(JAVA_LONG, 64)).isEqualTo(42);

        client.sends.compareAndSwap(0, 8, SendRing.SIGNALED, remote(64), server.region.remoteKey(), 42, 1L << 40);
        client.local(0, 8, 8);
        client.post(0);
        client.awaitSuccess(8);
        assertThat(from.get(JAVA_LONG, 8)).isEqualTo(42);
        assertThat(to.get(JAVA_LONG, 64)).isEqualTo(1L << 40);

        client.sends.compareAndSwap(0, 9, SendRing.SIGNALED, remote(64), server.region.remoteKey(), 42, 1);
        client.local(0, 16, 8);
        client.post(0);
        client.awaitSuccess(9);
        assertThat(from.get(JAVA_LONG, 16)).isEqualTo(1L << 40);
        assertThat(to.get(JAVA_LONG, 64)).isEqualTo(1L << 40);
    }

    @Test
    void slotServesRdmaAfterAnAtomic() throws Exception {
        client.sends.compareAndSwap(0, 1, SendRing.SIGNALED, remote(0), server.region.remoteKey(), -1, -1);
        client.local(0, 0, 8);
        client.post(0);
        client.awaitSuccess(1);

        client.sends.write(0, 2, SendRing.SIGNALED, remote(4096), server.region.remoteKey());
        client.local(0, 100, 64);
        client.post(0);
        client.awaitSuccess(2);
        assertThat(to.asSlice(4096, 64).mismatch(from.asSlice(100, 64))).isEqualTo(-1);
    }

    @Test
    void inlineNeedsNoRegistrationAndFreesTheBufferAtOnce() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment unregistered = arena.allocate(64);
            unregistered.fill((byte) 0x5a);
            client.sends.write(0, 10, SendRing.SIGNALED | SendRing.INLINE, remote(0), server.region.remoteKey());
            client.sends.local(0, unregistered.address(), 64, 0);
            client.post(0);
            unregistered.fill((byte) 0);
        }
        client.awaitSuccess(10);
        assertThat(to.asSlice(0, 64).toArray(JAVA_BYTE)).containsOnly(0x5a);
    }

    @Test
    void chainWrapsRoundTheRingAndSignalsOnlyItsLast() throws Exception {
        for (int i = 0; i < 5; i++) {
            int slot = (6 + i) % 8;
            client.sends.write(
                    slot, 100 + i, i == 4 ? SendRing.SIGNALED : 0, remote(i * 100), server.region.remoteKey());
            client.local(slot, i * 1000, 100);
        }
        client.pair.post(client.sends, 6, 5);
        client.awaitSuccess(104);

        for (int i = 0; i < 5; i++) {
            assertThat(to.asSlice(i * 100L, 100).mismatch(from.asSlice(i * 1000L, 100)))
                    .isEqualTo(-1);
        }
        assertThat(client.queue.poll(client.completions)).isZero();
    }

    @Test
    void receivesAreTakenInTheOrderPostedByOneCall() throws Exception {
        for (int slot = 0; slot < 4; slot++) {
            server.receives.receive(slot, slot);
            server.receives.local(slot, server.region.address() + slot * 64L, 64, server.region.localKey());
        }
        server.pair.post(server.receives, 0, 4);
        for (int i = 0; i < 4; i++) {
            client.sends.send(i, i, i == 3 ? SendRing.SIGNALED : 0);
            client.local(i, i * 10, 10);
        }
        client.pair.post(client.sends, 0, 4);

        for (int i = 0; i < 4; i++) {
            server.awaitSuccess(i);
            assertThat(to.asSlice(i * 64L, 10).mismatch(from.asSlice(i * 10L, 10)))
                    .isEqualTo(-1);
        }
        client.awaitSuccess(3);
    }

    @Test
    void fencedSendSeesTheReadBeforeIt() throws Exception {
        server.receive(0, 1, 0, 64);
        to.set(JAVA_LONG, 4096, 0x1122334455667788L);
        client.sends.read(0, 1, 0, remote(4096), server.region.remoteKey());
        client.local(0, 0, 8);
        client.sends.send(1, 2, SendRing.SIGNALED | SendRing.FENCE);
        client.local(1, 0, 8);
        client.pair.post(client.sends, 0, 2);

        client.awaitSuccess(2);
        server.awaitSuccess(1);
        assertThat(to.get(JAVA_LONG, 0)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void postingAndPollingAllocateNothing() throws Exception {
        writeMany(2_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        writeMany(2_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).as("bytes for 2,000 posts and all polls").isLessThan(2_000);
    }

    private void writeMany(int count) throws VerbsException {
        for (int i = 0; i < count; i++) {
            client.sends.write(0, i, SendRing.SIGNALED, remote(0), server.region.remoteKey());
            client.local(0, 0, 64);
            client.pair.post(client.sends, 0, 1);
            while (client.queue.poll(client.completions) == 0) {
                Thread.onSpinWait();
            }
            if (!client.completions.succeeded(0) || client.completions.wrId(0) != i) {
                throw new AssertionError("completion " + client.completions.wrId(0));
            }
        }
    }

    private long remote(int offset) {
        return server.region.address() + offset;
    }

    private static boolean isZero(MemorySegment memory, long offset, long length) {
        for (long i = 0; i < length; i++) {
            if (memory.get(JAVA_BYTE, offset + i) != 0) {
                return false;
            }
        }
        return true;
    }
}
