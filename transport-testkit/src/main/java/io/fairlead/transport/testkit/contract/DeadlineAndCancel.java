package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Row 8: every operation ends by its deadline, or when cancelled, once; and a buffer that was released is never sent. */
final class DeadlineAndCancel {
    private static final Duration DEADLINE = Duration.ofMillis(300);
    private static final Duration LATENESS = Duration.ofMillis(1500);
    private static final int WRITES = 40;
    private static final int WRITE_BYTES = 1 << 20;
    private static final byte GOOD = 0x11;
    private static final byte POISON = 0x66;
    private static final Set<ErrorCode> LATE = Set.of(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.OUTCOME_UNKNOWN);
    private static final Set<ErrorCode> CANCELLED = Set.of(ErrorCode.CANCELLED, ErrorCode.OUTCOME_UNKNOWN);

    private DeadlineAndCancel() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(8, "atAStuckPeerEveryOperationEndsAtItsDeadline", DeadlineAndCancel::deadlines),
                Promise.of(8, "aPeerNeverSeesABufferThatWasReleasedAtItsDeadline", env -> poison(env, false)),
                Promise.of(8, "aPeerNeverSeesABufferThatWasReleasedByCancelling", env -> poison(env, true)),
                Promise.of(8, "aReadThatEndedNeverChangesItsBufferAgain", DeadlineAndCancel::lateRead),
                Promise.of(
                        8,
                        "aRequestWithoutReplyEndsAtItsDeadlineAndALateReplyDoesNoHarm",
                        DeadlineAndCancel::lateReply),
                Promise.of(8, "anInterruptedWaitCancelsAndKeepsTheInterrupt", DeadlineAndCancel::interrupt),
                Promise.of(8, "aDeadlineMustBePositive", DeadlineAndCancel::notPositive),
                Promise.of(8, "waitingForRoomEndsAtTheDeadline", DeadlineAndCancel::waiting));
    }

    private static void deadlines(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", 4096, Rights.ALL.bits());
        Transport near = env.start();
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.region(near, 4096);
        peer.suspend();
        CompletionLog log = env.log(6);
        Calls calls = new Calls(connection, log, DEADLINE);
        long fromNs = System.nanoTime();
        calls.write(0, local, 0, target, 0, 100);
        calls.read(1, local, 1000, target, 0, 100);
        calls.add(2, target, 0, 1);
        calls.send(3, local, 0, 100);
        calls.request(4, local, 0, 100);
        calls.fence(5);
        log.awaitEnds(DEADLINE.plus(LATENESS));
        for (int i = 0; i < 6; i++) {
            // A fence may also pass, since by then all before it have ended.
            if (i < 3 && log.failure(i) == null && env.fixture().movesWithoutTarget()) {
                continue; // on memory: done at once
            }
            if (i < 5 || log.failure(i) != null) {
                Expect.oneOf("operation " + i, LATE, log.failure(i));
            }
            long tookMs = (log.endedAtNs(i) - fromNs) / 1_000_000;
            Expect.atMost(
                    "the time of operation " + i + " in ms",
                    DEADLINE.plus(LATENESS).toMillis(),
                    tookMs);
            if (tookMs < DEADLINE.toMillis() - 20) {
                throw new AssertionError("operation " + i + " ended after " + tookMs + " ms, before its deadline");
            }
        }
        Expect.oneOf(
                "a message with a future",
                LATE,
                Await.failure(
                        "a message",
                        connection.send(local.segment().asSlice(0, 8), DEADLINE),
                        DEADLINE.plus(LATENESS)));
        peer.resume();
    }

    private static void poison(ContractEnvironment env, boolean cancel) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", (long) WRITES * WRITE_BYTES, Rights.WRITE.bits());
        Transport near = env.start();
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.region(near, (long) WRITES * WRITE_BYTES);
        local.segment().fill(GOOD);
        peer.suspend();
        CompletionLog log = env.log(WRITES);
        Calls calls = new Calls(connection, log, cancel ? Calls.FAR_OFF : DEADLINE);
        for (int i = 0; i < WRITES; i++) {
            long at = (long) i * WRITE_BYTES;
            long operation = calls.write(i, local, at, target, at, WRITE_BYTES);
            if (cancel) {
                connection.cancel(operation);
            }
        }
        log.awaitEnds(DEADLINE.plus(LATENESS));
        boolean[] poisoned = new boolean[WRITES];
        poisonReleased(log, local, poisoned);
        for (int i = 0; i < WRITES; i++) {
            if (log.failure(i) != null || !env.fixture().movesWithoutTarget()) {
                Expect.oneOf("write " + i, cancel ? CANCELLED : LATE, log.failure(i));
            }
        }
        peer.resume();
        // What was half sent is finished or the connection is closed; either way every buffer becomes free.
        Await.until("every buffer is released", env.soon(), () -> poisonReleased(log, local, poisoned) == WRITES);
        // An operation after them on a live connection comes after all their bytes; a closed one sends no more.
        if (connection.state() == Connection.State.OPEN) {
            try {
                Await.result(
                        "a request after them",
                        connection.request(local.segment().asSlice(0, 8)).result(),
                        env.soon());
            } catch (TransportException e) {
                Await.result("the connection closes", connection.closed(), env.soon());
            }
        }
        Expect.equal("poisoned bytes at the peer", 0, peer.count("count target " + POISON));
    }

    /** Overwrites the buffers that are free, each as soon as it is. @return how many are */
    private static int poisonReleased(CompletionLog log, MemoryRegion local, boolean[] poisoned) {
        int released = 0;
        for (int i = 0; i < WRITES; i++) {
            if (log.isReleased(i)) {
                released++;
                if (!poisoned[i]) {
                    poisoned[i] = true;
                    local.segment().asSlice((long) i * WRITE_BYTES, WRITE_BYTES).fill(POISON);
                }
            }
        }
        return released;
    }

    private static void lateRead(ContractEnvironment env) {
        int bytes = 4 << 20;
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", bytes, Rights.READ.bits());
        Transport near = env.start();
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.region(near, bytes);
        peer.suspend();
        CompletionLog log = env.log(1);
        new Calls(connection, log, DEADLINE).read(0, local, 0, target, 0, bytes);
        log.awaitEnds(DEADLINE.plus(LATENESS));
        if (log.failure(0) != null || !env.fixture().movesWithoutTarget()) {
            Expect.oneOf("the read", LATE, log.failure(0));
        }
        if (log.isReleased(0)) {
            local.segment().fill(POISON);
        }
        peer.resume();
        Await.until("the buffer is released", env.soon(), () -> log.isReleased(0));
        local.segment().fill(POISON);
        Await.holdsFor(
                "the buffer stays as its owner left it",
                Duration.ofMillis(300),
                () -> Bytes.allAre(POISON, local.segment()));
    }

    private static void lateReply(ContractEnvironment env) {
        CompletableFuture<Long> asked = new CompletableFuture<>();
        Pair pair = env.pair(env.config(), env.handler(), env.handler().onRequest((connection, id, message) -> {
            if (!asked.complete(id)) {
                connection.reply(id, message.payload());
            }
        }));
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log, DEADLINE).request(0, local, 0, 8);
        log.awaitEnds(DEADLINE.plus(LATENESS));
        Expect.code("a request that nobody answers", ErrorCode.OUTCOME_UNKNOWN, log.failure(0));
        long id = Await.result("the request comes", asked, env.soon());
        Operation<?> late = pair.far().reply(id, local.segment());
        Await.until("the late reply ends", env.soon(), () -> late.result().isDone());
        for (int i = 0; i < 10; i++) {
            Await.result(
                    "the next request", pair.near().request(local.segment()).result(), env.soon());
        }
        Expect.open("a late reply", pair.near());
        Expect.open("a late reply", pair.far());
    }

    private static void interrupt(ContractEnvironment env) throws InterruptedException {
        Pair pair = env.pair(env.config(), env.handler(), env.handler().onRequest((connection, id, message) -> {}));
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        AtomicBoolean kept = new AtomicBoolean();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Operation<byte[]> request = pair.near().request(local.segment(), Calls.FAR_OFF);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                request.await();
                thrown.complete(new AssertionError("a request that nobody answers was answered"));
            } catch (Throwable t) { // judged below
                kept.set(Thread.currentThread().isInterrupted());
                thrown.complete(t);
            }
        });
        Await.until("the request arrives", env.soon(), () -> pair.farHandler().requests() == 1);
        waiter.interrupt();
        waiter.join();
        Expect.oneOf("an interrupted wait", CANCELLED, Await.failure("the request", request, env.soon()));
        if (!kept.get()) {
            throw new AssertionError("the interrupt was swallowed; the wait ended with " + thrown.join());
        }
        Expect.open("an interrupt", pair.near());
    }

    private static void notPositive(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        RegionDescriptor target =
                env.region(pair.farTransport(), 64).grant(Rights.ALL).descriptor();
        CompletionLog log = env.log(1);
        Connection near = pair.near();
        for (long ns : new long[] {0, -1, Long.MIN_VALUE}) {
            Expect.thrown(
                    "a write with " + ns + " ns",
                    IllegalArgumentException.class,
                    () -> near.tryWrite(local, 0, target, 0, 8, ns, log, 0));
            Expect.thrown(
                    "a message with " + ns + " ns",
                    IllegalArgumentException.class,
                    () -> near.trySend(local, 0, 8, ns, log, 0));
            Expect.thrown(
                    "a fence with " + ns + " ns", IllegalArgumentException.class, () -> near.tryFence(ns, log, 0));
        }
        Expect.thrown(
                "a read with no time",
                IllegalArgumentException.class,
                () -> near.read(local, 0, target, 0, 8, Duration.ZERO));
        Expect.open("a wrong deadline", near);
    }

    private static void waiting(ContractEnvironment env) {
        Gate gate = env.gate();
        var limits = env.config().limits().withMessages(1024, 1, 1024).withWaitingOperations(4);
        Pair pair = env.pair(
                env.config().with(limits),
                env.handler(),
                env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass()));
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        Operation<?> first = pair.near().send(local, 0, 8, Calls.FAR_OFF);
        Await.result("the first message", first.result(), env.soon());
        List<Operation<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(pair.near().send(local, 0, 8, DEADLINE));
        }
        Expect.code(
                "one more than may wait",
                ErrorCode.BACK_PRESSURED,
                Await.failure("one more", pair.near().send(local, 0, 8, DEADLINE), env.soon()));
        for (Operation<?> operation : waiting) {
            Expect.code(
                    "a message without room",
                    ErrorCode.DEADLINE_EXCEEDED,
                    Await.failure("a message without room", operation, DEADLINE.plus(LATENESS)));
        }
        Operation<?> patient = pair.near().send(local, 0, 8, Calls.FAR_OFF);
        gate.open();
        Await.result("a message that found room", patient.result(), env.soon());
        Await.until("both messages", env.soon(), () -> pair.farHandler().messages() == 2);
    }
}
