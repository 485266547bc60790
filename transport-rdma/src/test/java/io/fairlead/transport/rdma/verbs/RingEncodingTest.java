package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Requests stand in memory as {@code verbs.h} lays them out on 64-bit little-endian Linux. Needs no device. */
class RingEncodingTest {
    private static final long WORDS = 128 + 2 * 16;
    private static final long STRIDE = WORDS + 16;

    private final SendRing sends = new SendRing(4, 2);
    private final MemorySegment memory = sends.memory();

    @Test
    void writeIsEncoded() {
        sends.writeWithImmediate(
                1, 0x1122334455667788L, SendRing.SIGNALED | SendRing.FENCE, 0x7000_0000_1234L, 0xabcd, 0x01020304);
        sends.local(1, 0x5000, 4096, 0x77);

        assertThat(memory.get(JAVA_LONG, STRIDE)).isEqualTo(0x1122334455667788L);
        assertThat(memory.get(JAVA_LONG, STRIDE + 16)).isEqualTo(memory.address() + STRIDE + 128);
        assertThat(memory.get(JAVA_INT, STRIDE + 24)).isEqualTo(1);
        assertThat(memory.get(JAVA_INT, STRIDE + 28)).isEqualTo(1);
        assertThat(memory.get(JAVA_INT, STRIDE + 32)).isEqualTo(3);
        assertThat(memory.get(JAVA_INT, STRIDE + 36)).isEqualTo(0x04030201);
        assertThat(memory.get(JAVA_LONG, STRIDE + 40)).isEqualTo(0x7000_0000_1234L);
        assertThat(memory.get(JAVA_INT, STRIDE + 48)).isEqualTo(0xabcd);
        assertThat(memory.get(JAVA_LONG, STRIDE + 128)).isEqualTo(0x5000);
        assertThat(memory.get(JAVA_INT, STRIDE + 136)).isEqualTo(4096);
        assertThat(memory.get(JAVA_INT, STRIDE + 140)).isEqualTo(0x77);
    }

    @Test
    void aHeaderIsKeptInTheRing() {
        sends.sendWithImmediate(1, 0, SendRing.INLINE, 0);
        sends.localWords(1, 0x0807060504030201L, 0x1817161514131211L);
        sends.local(1, 1, 0x5000, 64, 0);

        assertThat(memory.get(JAVA_INT, STRIDE + 24)).isEqualTo(2);
        assertThat(memory.get(JAVA_LONG, STRIDE + 128)).isEqualTo(memory.address() + STRIDE + WORDS);
        assertThat(memory.get(JAVA_INT, STRIDE + 136)).isEqualTo(16);
        assertThat(memory.get(JAVA_LONG, STRIDE + 144)).isEqualTo(0x5000);
        assertThat(memory.get(JAVA_BYTE, STRIDE + WORDS)).isEqualTo((byte) 1);
        assertThat(memory.get(JAVA_BYTE, STRIDE + WORDS + 15)).isEqualTo((byte) 0x18);
    }

    @Test
    void aRequestThatLosesItsBuffersKeepsTheRest() {
        sends.sendWithImmediate(1, 7, SendRing.INLINE, 0);
        sends.local(1, 0x5000, 64, 0);
        sends.noLocal(1);

        assertThat(memory.get(JAVA_INT, STRIDE + 24)).isZero();
        assertThat(memory.get(JAVA_INT, STRIDE + 28)).isEqualTo(3);
        assertThat(memory.get(JAVA_LONG, STRIDE)).isEqualTo(7);
    }

    @Test
    void aCompletionCanBeWantedLater() {
        sends.write(2, 0, SendRing.INLINE, 0, 0);
        sends.signal(2);
        sends.signal(2);

        assertThat(memory.get(JAVA_INT, 2 * STRIDE + 32)).isEqualTo(SendRing.INLINE | SendRing.SIGNALED);
    }

    @Test
    void eachOperationHasItsCode() {
        sends.write(0, 0, 0, 0, 0);
        assertThat(opcode()).isZero();
        sends.writeWithImmediate(0, 0, 0, 0, 0, 0);
        assertThat(opcode()).isEqualTo(1);
        sends.send(0, 0, 0);
        assertThat(opcode()).isEqualTo(2);
        sends.sendWithImmediate(0, 0, 0, 0);
        assertThat(opcode()).isEqualTo(3);
        sends.read(0, 0, 0, 0, 0);
        assertThat(opcode()).isEqualTo(4);
        sends.compareAndSwap(0, 0, 0, 0, 0, 0, 0);
        assertThat(opcode()).isEqualTo(5);
        sends.fetchAndAdd(0, 0, 0, 0, 0, 0);
        assertThat(opcode()).isEqualTo(6);
    }

    @Test
    void atomicsHaveTheirKeyElsewhere() {
        sends.compareAndSwap(0, 0, 0, 0x8000, 0x99, 17, 18);

        assertThat(memory.get(JAVA_LONG, 40)).isEqualTo(0x8000);
        assertThat(memory.get(JAVA_LONG, 48)).isEqualTo(17);
        assertThat(memory.get(JAVA_LONG, 56)).isEqualTo(18);
        assertThat(memory.get(JAVA_INT, 64)).isEqualTo(0x99);
        sends.fetchAndAdd(0, 0, 0, 0x8000, 0x99, -1);
        assertThat(memory.get(JAVA_LONG, 48)).isEqualTo(-1);
        assertThat(memory.get(JAVA_LONG, 56)).isZero();
    }

    @Test
    void operationBeginsWithoutBuffersAndTakesThemInOrder() {
        sends.send(0, 0, 0);
        sends.local(0, 0, 1, 2, 3);
        sends.local(0, 1, 4, 5, 6);
        assertThat(memory.get(JAVA_INT, 24)).isEqualTo(2);
        assertThat(memory.get(JAVA_LONG, 144)).isEqualTo(4);

        sends.send(0, 0, 0);
        assertThat(memory.get(JAVA_INT, 24)).isZero();
        assertThatThrownBy(() -> sends.local(0, 2, 0, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void chainLinksSlotsRoundTheEndAndEndsAtTheLast() {
        long first = sends.chain(3, 3);

        assertThat(first).isEqualTo(memory.address() + 3 * STRIDE);
        assertThat(memory.get(JAVA_LONG, 3 * STRIDE + 8)).isEqualTo(memory.address());
        assertThat(memory.get(JAVA_LONG, 8)).isEqualTo(memory.address() + STRIDE);
        assertThat(memory.get(JAVA_LONG, STRIDE + 8)).isZero();

        sends.chain(3, 1);
        assertThat(memory.get(JAVA_LONG, 3 * STRIDE + 8)).isZero();
    }

    @Test
    void slotsAndCountsOutsideTheRingAreRefused() {
        assertThatThrownBy(() -> sends.send(4, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sends.send(-1, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sends.chain(0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sends.chain(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendRing(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void receivesAreEncoded() {
        ReceiveRing receives = new ReceiveRing(3, 1);
        MemorySegment received = receives.memory();
        receives.receive(2, 42);
        receives.local(2, 0x6000, 512, 0x88);

        assertThat(received.get(JAVA_LONG, 2 * 48)).isEqualTo(42);
        assertThat(received.get(JAVA_LONG, 2 * 48 + 16)).isEqualTo(received.address() + 2 * 48 + 32);
        assertThat(received.get(JAVA_INT, 2 * 48 + 24)).isEqualTo(1);
        assertThat(received.get(JAVA_LONG, 2 * 48 + 32)).isEqualTo(0x6000);
        assertThat(received.get(JAVA_INT, 2 * 48 + 40)).isEqualTo(512);
        assertThat(received.get(JAVA_INT, 2 * 48 + 44)).isEqualTo(0x88);
        assertThat(receives.chain(2, 2)).isEqualTo(received.address() + 2 * 48);
        assertThat(received.get(JAVA_LONG, 2 * 48 + 8)).isEqualTo(received.address());
        assertThatThrownBy(() -> receives.chain(0, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void completionsAreDecoded() {
        CompletionArray completions = new CompletionArray(2);
        MemorySegment raw = completions.memory();
        raw.set(JAVA_LONG, 48, -7);
        raw.set(JAVA_INT, 48 + 8, 10);
        raw.set(JAVA_INT, 48 + 12, 129);
        raw.set(JAVA_INT, 48 + 16, 3);
        raw.set(JAVA_INT, 48 + 20, 4096);
        raw.set(JAVA_INT, 48 + 24, 0x04030201);
        raw.set(JAVA_INT, 48 + 28, 17);
        raw.set(JAVA_INT, 48 + 36, 2);

        assertThat(completions.wrId(1)).isEqualTo(-7);
        assertThat(completions.succeeded(1)).isFalse();
        assertThat(CompletionStatus.of(completions.status(1))).isEqualTo(CompletionStatus.REMOTE_ACCESS_ERROR);
        assertThat(completions.opcode(1)).isEqualTo(129);
        assertThat(completions.vendorError(1)).isEqualTo(3);
        assertThat(completions.byteLength(1)).isEqualTo(4096);
        assertThat(completions.immediate(1)).isEqualTo(0x01020304);
        assertThat(completions.hasImmediate(1)).isTrue();
        assertThat(completions.queuePairNumber(1)).isEqualTo(17);
        assertThatThrownBy(() -> completions.wrId(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void numbersAreNamedAsInTheHeaders() {
        assertThat(CompletionStatus.of(5)).isEqualTo(CompletionStatus.FLUSHED);
        assertThat(CompletionStatus.of(13)).isEqualTo(CompletionStatus.RNR_RETRIES_EXCEEDED);
        assertThat(CompletionStatus.of(21)).isEqualTo(CompletionStatus.GENERAL_ERROR);
        assertThat(CompletionStatus.of(999)).isEqualTo(CompletionStatus.UNKNOWN);
        assertThat(CmEventType.of(9)).isEqualTo(CmEventType.ESTABLISHED);
        assertThat(CmEventType.of(15)).isEqualTo(CmEventType.TIMEWAIT_EXIT);
        assertThat(AsyncEventType.of(10)).isEqualTo(AsyncEventType.PORT_ERROR);
        assertThat(AsyncEventType.of(18)).isEqualTo(AsyncEventType.GID_CHANGE);
        assertThat(QueuePairState.of(6)).isEqualTo(QueuePairState.ERROR);
        assertThat(Access.bits(Access.LOCAL_WRITE, Access.REMOTE_ATOMIC)).isEqualTo(9);
    }

    private int opcode() {
        return memory.get(JAVA_INT, 28);
    }
}
