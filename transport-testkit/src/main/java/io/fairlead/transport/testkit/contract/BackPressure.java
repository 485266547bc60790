package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Row 9: a slow receiver slows its sender and nobody else; what waits is bounded, and nothing is lost. */
final class BackPressure {
    private static final int CREDITS = 16;
    private static final int MESSAGE_BYTES = 1024;
    private static final int TRIES = 2000;
    private static final int PINGS = 200;
    private static final Duration PING = Duration.ofSeconds(2);

    private BackPressure() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(9, "messagesToASlowHandlerAreBoundedAndNoneIsLost", BackPressure::slowHandler),
                Promise.of(9, "theBytesOfMessagesToASlowHandlerAreBounded", BackPressure::slowHandlerBytes),
                Promise.of(9, "operationsToAStuckPeerAreBoundedInNumber", BackPressure::stuckPeer),
                Promise.of(9, "operationsToAStuckPeerAreBoundedInBytes", BackPressure::stuckPeerBytes),
                Promise.of(9, "aSlowHandlerDoesNotSlowOtherConnections", BackPressure::otherConnections),
                Promise.of(9, "thePoolOfBuffersIsBounded", BackPressure::pool));
    }

    private static Limits tight(ContractEnvironment env) {
        return env.config().limits().withMessages(MESSAGE_BYTES, CREDITS, (long) CREDITS * MESSAGE_BYTES);
    }

    private static void slowHandler(ContractEnvironment env) {
        Gate gate = env.gate();
        AtomicInteger next = new AtomicInteger();
        KitHandler far = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> {
            gate.pass();
            Expect.equal(
                    "the message's number",
                    next.getAndIncrement(),
                    message.buffer().get(JAVA_INT_UNALIGNED, message.offset()));
        });
        Pair pair = env.pair(env.config().with(tight(env)), env.handler(), far);
        MemoryRegion numbers = env.region(pair.nearTransport(), 4L * TRIES);
        for (int i = 0; i < TRIES; i++) {
            numbers.segment().set(JAVA_INT_UNALIGNED, 4L * i, i);
        }
        CompletionLog log = env.log(TRIES);
        int sent = sendUntilRefused(pair.near(), log, numbers, 4);
        Expect.equal("messages accepted before the first refusal", CREDITS, sent);
        log.awaitSuccess(env.soon());
        // It has completed all it took, and still gives no room: the handler is what is slow.
        Await.holdsFor(
                "no room while the handler is stuck",
                Duration.ofMillis(200),
                () -> refused(pair.near(), env.log(1), numbers));
        gate.open();
        Calls calls = new Calls(pair.near(), log);
        for (int i = sent; i < TRIES; i++) {
            calls.send(i, numbers, 4L * i, 4);
        }
        log.awaitSuccess(env.soon());
        Await.until("every message is handled", env.soon(), () -> far.messages() == TRIES);
    }

    private static int sendUntilRefused(Connection near, CompletionLog log, MemoryRegion from, int bytes) {
        for (int i = 0; i < TRIES; i++) {
            long at = (long) i * bytes % from.size();
            long answer = log.submit(
                    i, (done, context) -> near.trySend(from, at, bytes, Calls.FAR_OFF.toNanos(), done, context));
            if (answer < 0) {
                Expect.refusal("a message without room", ErrorCode.BACK_PRESSURED, answer);
                return i;
            }
        }
        return TRIES;
    }

    private static boolean refused(Connection near, CompletionLog log, MemoryRegion from) {
        return log.submit(0, (done, context) -> near.trySend(from, 0, 4, Calls.FAR_OFF.toNanos(), done, context)) < 0;
    }

    private static void slowHandlerBytes(ContractEnvironment env) {
        Gate gate = env.gate();
        int bound = 4 * MESSAGE_BYTES;
        Limits limits = env.config().limits().withMessages(MESSAGE_BYTES, 1000, bound);
        KitHandler far = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass());
        Pair pair = env.pair(env.config().with(limits), env.handler(), far);
        MemoryRegion local = env.region(pair.nearTransport(), MESSAGE_BYTES);
        int sent = sendUntilRefused(pair.near(), env.log(TRIES), local, MESSAGE_BYTES);
        Expect.atMost("bytes accepted beside a slow handler", bound, (long) sent * MESSAGE_BYTES);
        gate.open();
        Await.until("every message is handled", env.soon(), () -> far.messages() == sent);
        CompletionLog more = env.log(50);
        Calls calls = new Calls(pair.near(), more);
        for (int i = 0; i < 50; i++) {
            calls.send(i, local, 0, MESSAGE_BYTES);
        }
        more.awaitSuccess(env.soon());
    }

    private static void stuckPeer(ContractEnvironment env) {
        int most = 64;
        Limits limits = env.config().limits().withOperationsInFlight(most);
        bounded(env, limits, 16, most);
    }

    private static void stuckPeerBytes(ContractEnvironment env) {
        int most = 1 << 20;
        Limits limits = env.config().limits().withBytesInFlight(most);
        int bytes = 100_000;
        bounded(env, limits, bytes, most / bytes);
    }

    /** No more writes are taken than the limits allow, though nothing moves; when it moves again, the rest follows. */
    private static void bounded(ContractEnvironment env, Limits limits, int bytes, int most) {
        var config = env.config().with(limits);
        PeerProcess peer = env.peer(config);
        RegionDescriptor target = peer.grant("target", bytes, Rights.WRITE.bits());
        Transport near = env.start(config);
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.region(near, bytes);
        peer.suspend();
        CompletionLog log = env.log(TRIES);
        int accepted = 0;
        long answer = 0;
        for (int i = 0; i < TRIES && answer >= 0; i++) {
            answer = log.submit(
                    i,
                    (done, context) -> env.fixture().movesWithoutTarget()
                            ? connection.trySend(local, 0, bytes, Calls.FAR_OFF.toNanos(), done, context)
                            : connection.tryWrite(local, 0, target, 0, bytes, Calls.FAR_OFF.toNanos(), done, context));
            accepted += answer >= 0 ? 1 : 0;
        }
        Expect.atMost("operations accepted by a stuck connection", most, accepted);
        Expect.refusal("one without room", ErrorCode.BACK_PRESSURED, answer);
        peer.resume();
        Calls calls = new Calls(connection, log);
        for (int i = accepted; i < accepted + most; i++) {
            calls.write(i, local, 0, target, 0, bytes);
        }
        log.awaitSuccess(env.soon());
    }

    private static void otherConnections(ContractEnvironment env) {
        Gate gate = env.gate();
        Pair slow = env.pair(
                env.config().with(tight(env)),
                env.handler(),
                env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass()));
        Pair other = env.another(slow);
        MemoryRegion local = env.region(slow.nearTransport(), MESSAGE_BYTES);
        sendUntilRefused(slow.near(), env.log(TRIES), local, 64);
        for (int i = 0; i < PINGS; i++) {
            Await.result(
                    "ping " + i + " beside a slow connection",
                    other.near().request(local.segment()).result(),
                    PING);
        }
        gate.open();
    }

    private static void pool(ContractEnvironment env) {
        long bound = 4L << 20;
        Transport transport = env.start(env.config().with(env.config().limits().withPoolBytes(bound)));
        List<PooledBuffer> leases = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            var lease = transport.buffers().tryLease(10_000);
            if (lease == null) {
                break;
            }
            leases.add(lease);
        }
        Expect.atMost("registered bytes of the pool", bound, transport.buffers().registeredBytes());
        Expect.atMost("leases within the bound", bound / 10_000, leases.size());
        Expect.atMost("pools that lease nothing", leases.size(), 1);
        leases.forEach(PooledBuffer::close);
        Expect.equal("bytes on lease", 0, transport.buffers().leasedBytes());
        Expect.thrown(
                "giving a lease back twice",
                IllegalStateException.class,
                () -> leases.getFirst().close());
        transport.buffers().lease(10_000).close();
    }
}
