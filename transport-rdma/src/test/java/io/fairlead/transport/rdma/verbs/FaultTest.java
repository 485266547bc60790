package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong on the wire or in a queue is told, and changes no byte. */
@Tag("rdma")
class FaultTest {
    @Test
    void wrongKeyIsARemoteAccessErrorAndEndsBothPairs() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            loopback.server().receive(0, 9, 0, 64);
            writeExpectingRefusal(loopback, loopback.server().region.remoteKey() ^ 0x5500, 0);

            assertThat(loopback.client().pair.state()).isEqualTo(QueuePairState.ERROR);
            assertThat(CompletionStatus.of(loopback.server().awaitCompletion(9).status(0)))
                    .isEqualTo(CompletionStatus.FLUSHED);
            assertThat(loopback.server().pair.state()).isEqualTo(QueuePairState.ERROR);
        }
    }

    @Test
    void writeBeyondTheEndIsRefused() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            writeExpectingRefusal(loopback, loopback.server().region.remoteKey(), Loopback.End.BYTES - 63);
        }
    }

    @Test
    void deregisteredMemoryIsOutOfReach() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            int key = loopback.server().region.remoteKey();
            loopback.server().region.close();
            writeExpectingRefusal(loopback, key, 0);
        }
    }

    @Test
    void keyOfAnotherDomainIsRefused() throws Exception {
        try (Loopback loopback = Loopback.connected();
                ProtectionDomain other = loopback.server().id.device().allocateProtectionDomain();
                MemoryRegistration foreign =
                        other.register(loopback.server().region.memory(), Access.LOCAL_WRITE, Access.REMOTE_WRITE)) {
            writeExpectingRefusal(loopback, foreign.remoteKey(), 0);
        }
    }

    @Test
    void rightsThatWereNotGivenAreRefused() throws Exception {
        try (Loopback loopback = Loopback.connected();
                MemoryRegistration readOnly = loopback.server()
                        .domain
                        .register(loopback.server().region.memory(), Access.LOCAL_WRITE, Access.REMOTE_READ)) {
            writeExpectingRefusal(loopback, readOnly.remoteKey(), 0);
        }
    }

    @Test
    void pairInErrorFlushesWhatIsPosted() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End client = loopback.client();
            client.receive(0, 1, 0, 64);
            client.receive(1, 2, 64, 64);
            client.pair.setError();

            assertThat(CompletionStatus.of(client.awaitCompletion(1).status(0))).isEqualTo(CompletionStatus.FLUSHED);
            assertThat(CompletionStatus.of(client.awaitCompletion(2).status(0))).isEqualTo(CompletionStatus.FLUSHED);
            client.sends.send(0, 3, SendRing.SIGNALED);
            client.local(0, 0, 8);
            client.post(0);
            assertThat(CompletionStatus.of(client.awaitCompletion(3).status(0))).isEqualTo(CompletionStatus.FLUSHED);
            assertThat(client.pair.state()).isEqualTo(QueuePairState.ERROR);
        }
    }

    @Test
    void receiverThatIsLateCostsTheRnrTimerAndNoMore() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            loopback.server().pair.setMinRnrTimer(12);
            loopback.client().sends.send(0, 1, SendRing.SIGNALED);
            loopback.client().local(0, 0, 8);
            loopback.client().post(0);
            assertThat(loopback.client().queue.poll(loopback.client().completions))
                    .isZero();

            loopback.server().receive(0, 2, 0, 64);
            loopback.server().awaitSuccess(2);
            loopback.client().awaitSuccess(1);
            assertThatThrownBy(() -> loopback.client().pair.setMinRnrTimer(32))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void noReceiveAndNoRetriesIsAnRnrError() throws Exception {
        try (Loopback loopback =
                Loopback.connected(Loopback.CAPACITY, new ConnectionParameters(4, 4, 6, 0, new byte[0]))) {
            loopback.client().sends.send(0, 1, SendRing.SIGNALED);
            loopback.client().local(0, 0, 8);
            loopback.client().post(0);

            assertThat(CompletionStatus.of(loopback.client().awaitCompletion(1).status(0)))
                    .isEqualTo(CompletionStatus.RNR_RETRIES_EXCEEDED);
        }
    }

    @Test
    void fullReceiveQueueTellsHowManyWerePosted() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End server = loopback.server();
            int depth = server.pair.capacity().receiveRequests();
            // A device may hold more than it says.
            ReceiveRing tooMany = new ReceiveRing(4 * depth, 1);
            for (int slot = 0; slot < tooMany.slots(); slot++) {
                tooMany.receive(slot, slot);
                tooMany.local(slot, server.region.address(), 64, server.region.localKey());
            }

            assertThatThrownBy(() -> server.pair.post(tooMany, 0, tooMany.slots()))
                    .isInstanceOfSatisfying(VerbsException.class, e -> {
                        assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                        assertThat(e.postedBeforeFailure()).isBetween(depth, 4 * depth - 1);
                    });
        }
    }

    @Test
    void inlinePayloadOverTheLimitIsRefused() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End client = loopback.client();
            client.sends.send(0, 1, SendRing.SIGNALED | SendRing.INLINE);
            client.local(0, 0, client.pair.capacity().inlineBytes() + 1);

            assertThatThrownBy(() -> client.post(0)).isInstanceOfSatisfying(VerbsException.class, e -> {
                assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                assertThat(e.postedBeforeFailure()).isZero();
            });
        }
    }

    @Test
    void overrunOfACompletionQueueIsAnAsynchronousEvent() throws Exception {
        try (Loopback loopback = new Loopback();
                ConnectionId id = loopback.resolved()) {
            Device device = id.device();
            try (ProtectionDomain domain = device.allocateProtectionDomain();
                    CompletionQueue small = device.createCompletionQueue(null, 1, 0);
                    QueuePair pair = id.createQueuePair(domain, small, small, Loopback.CAPACITY)) {
                drainAsyncEvents(device);
                ReceiveRing receives = new ReceiveRing(1, 1);
                int posted = pair.capacity().receiveRequests();
                assertThat(posted).as("enough to overrun").isGreaterThan(small.depth());
                for (int i = 0; i < posted; i++) {
                    receives.receive(0, i);
                    pair.post(receives, 0, 1);
                }
                pair.setError();

                AsyncEvent event;
                do {
                    event = device.nextAsyncEvent(Loopback.PATIENCE_MS);
                    assertThat(event).as("an asynchronous event in time").isNotNull();
                } while (event != null && event.type() != AsyncEventType.CQ_ERROR);
                assertThat(event != null && event.concerns(small)).isTrue();
                assertThat(event != null && event.concerns(pair)).isFalse();
            }
        }
    }

    @Test
    void registrationsLongerThanAnIntWork() throws Exception {
        long length = (1L << 31) + 8192;
        try (Loopback loopback = Loopback.connected();
                Arena arena = Arena.ofConfined();
                MemoryRegistration large = loopback.server()
                        .domain
                        .register(arena.allocate(length, 4096), Access.LOCAL_WRITE, Access.REMOTE_WRITE)) {
            Loopback.End client = loopback.client();
            client.region.memory().set(JAVA_BYTE, 0, (byte) 0x77);
            client.sends.write(0, 1, SendRing.SIGNALED, large.address() + length - 1, large.remoteKey());
            client.local(0, 0, 1);
            client.post(0);
            client.awaitSuccess(1);

            assertThat(large.memory().get(JAVA_BYTE, length - 1)).isEqualTo((byte) 0x77);
        }
    }

    private static void drainAsyncEvents(Device device) throws VerbsException {
        AsyncEvent event;
        do {
            event = device.nextAsyncEvent(0);
        } while (event != null);
    }

    /** Writes 64 bytes of ones to the server, which must end in an access error and change nothing. */
    private static void writeExpectingRefusal(Loopback loopback, int key, int offset) throws VerbsException {
        Loopback.End client = loopback.client();
        client.region.memory().asSlice(0, 64).fill((byte) 1);
        client.sends.write(0, 5, SendRing.SIGNALED, loopback.server().region.address() + offset, key);
        client.local(0, 0, 64);
        client.post(0);

        assertThat(CompletionStatus.of(client.awaitCompletion(5).status(0)))
                .isEqualTo(CompletionStatus.REMOTE_ACCESS_ERROR);
        assertThat(loopback.server().region.memory().toArray(JAVA_BYTE)).containsOnly(0);
    }
}
