package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.ErrorCode.Effect;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Row 7: a dead peer fails everything in flight within the keep-alive bound, once each, and harms no other connection. */
final class PeerKilled {
    private static final Logger LOG = LoggerFactory.getLogger(PeerKilled.class);
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(400);
    private static final int OPERATIONS = 25;
    private static final Set<ErrorCode> ENDS = Set.of(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.PEER_DEAD, ErrorCode.CLOSED);

    private PeerKilled() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(7, "whenThePeerIsKilledAllInFlightFailsOnceWithinTheBound", env -> inFlight(env, true)),
                Promise.of(7, "whenThePeerFallsSilentAllInFlightFailsOnceWithinTheBound", env -> inFlight(env, false)),
                Promise.of(7, "anIdleConnectionNoticesASilentPeer", PeerKilled::idle),
                Promise.of(7, "anAcceptedConnectionNoticesADeadPeer", PeerKilled::accepted));
    }

    /** With keep-alives as quick as may be: all is to be in flight before the peer counts as dead. */
    private static TransportConfig impatient(ContractEnvironment env) {
        Timeouts timeouts = env.config().timeouts().withKeepAlive(interval(env), silence(env));
        return env.config().with(timeouts);
    }

    /** A share of the patience, so that a slow machine has longer; enough for a quick one in any case. */
    private static Duration interval(ContractEnvironment env) {
        Duration share = env.soon().dividedBy(25);
        return share.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : share;
    }

    private static Duration silence(ContractEnvironment env) {
        return interval(env).multipliedBy(4);
    }

    /** Interval and silence, and what a busy machine with two cores adds. */
    private static Duration bound(ContractEnvironment env) {
        return interval(env).plus(silence(env)).plusSeconds(2);
    }

    private static void inFlight(ContractEnvironment env, boolean killed) {
        TransportConfig config = impatient(env);
        PeerProcess peer = env.peer(config);
        RegionDescriptor target = peer.grant("target", 16 << 20, Rights.ALL.bits());
        Transport near = env.start(config);
        Pair beside = env.join(near, env.start(config), env.handler(), env.handler());
        KitHandler handler = env.handler();
        Connection connection = env.connect(near, peer.endpoint(), handler);
        MemoryRegion local = env.randomRegion(near, 16 << 20);
        peer.suspend();
        CompletionLog log = env.log(OPERATIONS);
        submitAll(new Calls(connection, log), local, target);
        Operation<?> future = connection.send(local.segment().asSlice(0, 100), Calls.FAR_OFF);
        if (killed) {
            if (env.fixture().movesWithoutTarget()) {
                LOG.info("operations on memory may end before the kill: they take no part of the peer");
            } else {
                Await.holdsFor("nothing ends before the kill", Duration.ofMillis(50), () -> log.ended() == 0);
            }
            peer.kill();
        }
        Duration bound = bound(env);
        long fromNs = System.nanoTime();
        log.awaitEnds(bound);
        Expect.oneOf("a message to a dead peer", ENDS, Await.failure("a message", future, bound));
        Await.result("the buffer is released", future.released(), env.soon());
        TransportException cause = Await.result("the connection closes", connection.closed(), bound);
        Expect.code("the cause", ErrorCode.PEER_DEAD, cause);
        Await.result("the handler hears of it", handler.closed(), env.soon());
        Expect.atMost("time to the end in ms", bound.toMillis(), (System.nanoTime() - fromNs) / 1_000_000);
        for (int i = 0; i < OPERATIONS; i++) {
            if (log.failure(i) != null || !mayHaveMoved(env, i)) {
                Expect.oneOf("operation " + i, ENDS, log.failure(i));
            }
        }
        TransportException first = log.failure(0);
        if (mayHaveMoved(env, 0) && first == null) {
            first = log.failure(20); // a request, which needs the peer's process
        }
        if (first == null || first.code().effect() != Effect.UNKNOWN) {
            throw new AssertionError("it was on the wire, yet it ended with " + first, first);
        }
        CompletionLog after = env.log(1);
        Expect.refusal(
                "a message on a dead connection",
                ErrorCode.CLOSED,
                after.submit(0, (done, context) -> connection.trySend(local, 0, 8, 1_000_000_000L, done, context)));
        Expect.equal(
                "the reply beside",
                4,
                Await.result(
                                "a request beside the death",
                                beside.near()
                                        .request(local.segment().asSlice(0, 4))
                                        .result(),
                                env.soon())
                        .length);
    }

    /** Whether this one of {@link #submitAll} is on memory, and done by hardware though the peer stands still. */
    private static boolean mayHaveMoved(ContractEnvironment env, int operation) {
        return env.fixture().movesWithoutTarget() && (operation < 15 || operation > 22);
    }

    /** All kinds, small and large, so that some are on the wire, some half, and some wait. */
    private static void submitAll(Calls calls, MemoryRegion local, RegionDescriptor target) {
        for (int i = 0; i < 5; i++) {
            calls.write(i, local, 0, target, 0, 1000);
            calls.read(5 + i, local, 4096L * (1 + i), target, 0, 4096);
            calls.add(10 + i, target, 8, 1);
            calls.send(15 + i, local, 0, 100);
        }
        for (int i = 20; i < 23; i++) {
            if (calls.request(i, local, 0, 100) < 0) {
                throw new AssertionError("a request was refused");
            }
        }
        calls.writeNotify(23, local, 0, target, 0, 100, 1);
        calls.write(24, local, 0, target, 0, 16 << 20);
    }

    private static void idle(ContractEnvironment env) {
        TransportConfig config = impatient(env);
        PeerProcess peer = env.peer(config);
        Transport near = env.start(config);
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        Await.holdsFor(
                "an idle connection to a live peer stays open",
                silence(env).plus(interval(env)),
                () -> connection.state() == Connection.State.OPEN);
        peer.suspend();
        TransportException cause = Await.result("the connection closes", connection.closed(), bound(env));
        Expect.code("the cause", ErrorCode.PEER_DEAD, cause);
    }

    private static void accepted(ContractEnvironment env) {
        TransportConfig config = impatient(env);
        PeerProcess peer = env.peer(config);
        Transport near = env.start(config);
        for (boolean killed : new boolean[] {false, true}) {
            KitHandler handler = env.handler();
            Listener listener = env.listen(near, connection -> handler);
            peer.ask("connect " + listener.endpoint());
            Connection connection = Await.result("the peer connects", handler.opened(), env.soon());
            if (killed) {
                peer.kill();
            } else {
                peer.suspend();
            }
            Await.result("the connection closes", connection.closed(), bound(env));
            Expect.code("the cause", ErrorCode.PEER_DEAD, Await.result("told", handler.closed(), env.soon()));
            listener.close();
            if (!killed) {
                peer.resume();
            }
        }
    }
}
