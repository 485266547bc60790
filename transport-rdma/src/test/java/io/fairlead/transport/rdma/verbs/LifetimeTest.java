package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No order of closing and using crashes: what is closed says so, and what is in use says so. */
@Tag("rdma")
class LifetimeTest {
    private interface Use {
        void run() throws VerbsException;
    }

    @Test
    void closedObjectsRefuseEveryCall() throws Exception {
        Loopback loopback = Loopback.connected();
        Loopback.End end = loopback.client();
        Device device = end.id.device();
        loopback.close();

        List<ThrowingCallable> uses = List.of(
                () -> end.post(0),
                () -> end.receive(0, 1, 0, 8),
                end.pair::number,
                end.pair::state,
                end.pair::setError,
                () -> end.pair.setMinRnrTimer(12),
                () -> end.queue.poll(end.completions),
                () -> end.queue.requestNotification(false),
                () -> end.queue.acknowledge(0),
                () -> end.channel.next(0),
                () -> end.domain.register(end.region.memory(), Access.LOCAL_WRITE),
                () -> end.id.connect(Loopback.PARAMETERS),
                () -> end.id.accept(Loopback.PARAMETERS),
                () -> end.id.reject(new byte[1]),
                end.id::disconnect,
                end.id::device,
                end.id::localAddress,
                end.id::peerAddress,
                () -> end.id.listen(1),
                () -> end.id.resolveRoute(1),
                () -> end.id.setAckTimeout(14),
                () -> end.id.createQueuePair(end.domain, end.queue, end.queue, Loopback.CAPACITY),
                () -> device.createCompletionQueue(end.channel, 16, 0),
                () -> loopback.events.next(0),
                loopback.events::createId);
        assertThat(uses).allSatisfy(use -> assertErrno(Errno.ESTALE, use));
    }

    @Test
    void closingTwiceDoesNothing() throws Exception {
        Loopback loopback = Loopback.connected();
        loopback.close();
        loopback.close();
    }

    @Test
    void whatIsInUseCannotBeClosedAndWorksOn() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End end = loopback.client();
            assertErrno(Errno.EBUSY, end.domain::close);
            assertErrno(Errno.EBUSY, end.queue::close);
            assertErrno(Errno.EBUSY, end.channel::close);
            assertErrno(Errno.EBUSY, end.id::close);
            assertErrno(Errno.EBUSY, loopback.events::close);

            end.sends.write(
                    0,
                    1,
                    SendRing.SIGNALED,
                    loopback.server().region.address(),
                    loopback.server().region.remoteKey());
            end.local(0, 0, 8);
            end.post(0);
            end.awaitSuccess(1);
        }
    }

    @Test
    void objectsMayBeClosedUnderThreadsThatUseThem() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Loopback loopback = Loopback.connected();
                    ExecutorService threads = Executors.newFixedThreadPool(4)) {
                Loopback.End end = loopback.client();
                SendRing ring = new SendRing(1, 1);
                ring.write(
                        0,
                        1,
                        SendRing.SIGNALED,
                        loopback.server().region.address(),
                        loopback.server().region.remoteKey());
                ring.local(0, end.region.address(), 8, end.region.localKey());
                CompletionArray mine = new CompletionArray(4);
                CountDownLatch running = new CountDownLatch(4);
                List<Future<Errno>> ends = new ArrayList<>();
                ends.add(threads.submit(() -> untilItFails(running, () -> end.queue.poll(mine))));
                ends.add(threads.submit(() -> untilItFails(running, () -> {
                    try {
                        end.pair.post(ring, 0, 1);
                    } catch (VerbsException e) {
                        if (e.errno() != Errno.ENOMEM) {
                            throw e;
                        }
                    }
                })));
                ends.add(threads.submit(() -> untilItFails(running, () -> end.pair.state())));
                ends.add(threads.submit(() -> untilItFails(running, () -> end.channel.next(60_000))));
                assertThat(running.await(Loopback.PATIENCE_MS, TimeUnit.MILLISECONDS))
                        .isTrue();
                end.close();

                for (Future<Errno> ended : ends) {
                    assertThat(ended.get(Loopback.PATIENCE_MS, TimeUnit.MILLISECONDS))
                            .isEqualTo(Errno.ESTALE);
                }
            }
        }
    }

    @Test
    void manyThreadsMayCloseTheSameThing() throws Exception {
        try (Loopback loopback = Loopback.connected();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> closing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closing.add(threads.submit(() -> {
                    loopback.client().pair.close();
                    return null;
                }));
            }
            for (Future<?> one : closing) {
                one.get(Loopback.PATIENCE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Test
    void queueClosesWithEventsThatNobodyAcknowledged() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End server = loopback.server();
            server.receive(0, 1, 0, 64);
            server.queue.requestNotification(false);
            loopback.client().sends.send(0, 1, 0);
            loopback.client().local(0, 0, 8);
            loopback.client().post(0);
            assertThat(server.channel.next(Loopback.PATIENCE_MS)).isSameAs(server.queue);
            // Loopback.close would hang here if the event stayed without acknowledgement.
        }
    }

    @Test
    void eventsCanBeAcknowledgedInBatchesAndNoMoreThanCame() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Loopback.End server = loopback.server();
            for (int i = 0; i < 3; i++) {
                server.receive(0, i, 0, 64);
                server.queue.requestNotification(true);
                loopback.client().sends.send(0, i, SendRing.SIGNALED | SendRing.SOLICITED);
                loopback.client().local(0, 0, 8);
                loopback.client().post(0);
                assertThat(server.channel.next(Loopback.PATIENCE_MS)).isSameAs(server.queue);
                server.awaitSuccess(i);
                loopback.client().awaitSuccess(i);
            }
            assertThat(server.channel.next(0)).isNull();
            server.queue.acknowledge(3);
            assertErrno(Errno.EINVAL, () -> server.queue.acknowledge(1));
        }
    }

    @Test
    void aThousandConnectionsLeaveNothingBehind() throws Exception {
        try (Loopback warmUp = Loopback.connected()) {
            assertThat(warmUp.rdma.openObjects()).isPositive();
        }
        int objects = Rdma.open().openObjects();
        long descriptors = openDescriptors();
        for (int i = 0; i < 1_000; i++) {
            try (Loopback loopback = Loopback.connected()) {
                loopback.client().id.disconnect();
            }
        }
        assertThat(Rdma.open().openObjects()).isEqualTo(objects);
        assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors);
    }

    private static Errno untilItFails(CountDownLatch running, Use use) {
        running.countDown();
        try {
            while (true) {
                use.run();
            }
        } catch (VerbsException e) {
            return e.errno();
        }
    }

    private static long openDescriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static void assertErrno(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
