package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Row 11: a close always completes, whoever calls it and whenever, and everything that was under way ends once. */
final class CloseMatrix {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int OPERATIONS = 300;

    private CloseMatrix() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(11, "aTransportClosesBeforeAnyConnect", CloseMatrix::beforeConnect),
                Promise.of(11, "aTransportClosesInTheMiddleOfAHandshake", CloseMatrix::duringHandshake),
                Promise.of(11, "anAbandonedConnectLeavesNothing", CloseMatrix::abandoned),
                Promise.of(11, "aCloseFinishesWhatIsInFlight", CloseMatrix::graceful),
                Promise.of(11, "aCloseIsForcedWhenItsDrainTimeIsOver", CloseMatrix::forced),
                Promise.of(11, "bothEndsMayCloseAtOnce", CloseMatrix::bothEnds),
                Promise.of(11, "manyThreadsMayCloseWhileOthersSubmit", CloseMatrix::manyThreads),
                Promise.of(11, "nothingIsAcceptedAfterAClose", CloseMatrix::afterwards),
                Promise.of(11, "aClosedListenerFreesItsAddressAndKeepsItsConnections", CloseMatrix::listener));
    }

    private static void beforeConnect(ContractEnvironment env) {
        Transport transport = env.start();
        MemoryRegion leftOpen = transport.allocate(4096);
        env.listen(transport, connection -> env.handler());
        Await.result("close", transport.close(DRAIN), env.soon());
        Await.result("closing again", transport.close(Duration.ZERO), env.soon());
        transport.close();
        Await.result("a region left open is released too", leftOpen.release(), env.soon());
    }

    private static void duringHandshake(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        Transport near = env.start();
        peer.suspend();
        CompletableFuture<Connection> connecting = near.connect(peer.endpoint(), env.handler());
        Await.result("close", near.close(SHORT), SHORT.plus(env.soon()));
        Await.failure("the connect", connecting, env.soon());
    }

    private static void abandoned(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        Transport near = env.start();
        peer.suspend();
        KitHandler handler = env.handler();
        CompletableFuture<Connection> connecting = near.connect(peer.endpoint(), handler);
        connecting.cancel(true);
        peer.resume();
        Await.holdsFor(
                "nobody is given an abandoned connection for good",
                SHORT,
                () -> !handler.opened().isDone() || handler.closed().isDone() || !connecting.isDone());
        Await.until(
                "the peer is rid of it",
                env.soon(),
                () -> handler.closed().isDone() == handler.opened().isDone());
    }

    private static void graceful(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.randomRegion(pair.nearTransport(), 1 << 16);
        RegionDescriptor target =
                env.region(pair.farTransport(), 1 << 16).grant(Rights.ALL).descriptor();
        CompletionLog log = env.log(3 * OPERATIONS);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < OPERATIONS; i++) {
            calls.write(3 * i, local, 0, target, 0, 1 << 15);
            calls.send(3 * i + 1, local, 0, 100);
            calls.add(3 * i + 2, target, 0, 1);
        }
        CompletableFuture<CloseOutcome> close = pair.near().close(Duration.ofSeconds(20));
        CloseOutcome outcome =
                Await.result("close", close, Duration.ofSeconds(20).plus(env.soon()));
        if (outcome != CloseOutcome.GRACEFUL) {
            throw new AssertionError("the close was " + outcome);
        }
        log.awaitSuccess(env.soon());
        Await.until(
                "every message was handled", env.soon(), () -> pair.farHandler().messages() == OPERATIONS);
        for (KitHandler handler : List.of(pair.nearHandler(), pair.farHandler())) {
            Expect.code("the cause", ErrorCode.CLOSED, Await.result("closed", handler.closed(), env.soon()));
        }
    }

    private static void forced(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", 1 << 20, Rights.ALL.bits());
        Transport near = env.start();
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.region(near, 1 << 20);
        peer.suspend();
        CompletionLog log = env.log(20);
        Calls calls = new Calls(connection, log);
        for (int i = 0; i < 20; i++) {
            if (env.fixture().movesWithoutTarget()) {
                calls.send(i, local, 0, 1 << 20);
            } else {
                calls.write(i, local, 0, target, 0, 1 << 20);
            }
        }
        long fromNs = System.nanoTime();
        CloseOutcome outcome = Await.result("close", connection.close(SHORT), SHORT.plus(env.soon()));
        Expect.atMost("time to close in ms", SHORT.toMillis() + 2500, (System.nanoTime() - fromNs) / 1_000_000);
        if (outcome != CloseOutcome.FORCED) {
            throw new AssertionError("with a stuck peer the close was " + outcome);
        }
        log.awaitEnds(env.soon());
        for (int i = 0; i < 20; i++) {
            if (log.failure(i) == null) {
                throw new AssertionError("operation " + i + " succeeded at a peer that stood still");
            }
        }
    }

    private static void bothEnds(ContractEnvironment env) {
        Pair first = env.pair();
        for (int round = 0; round < 50; round++) {
            Pair pair = env.another(first);
            MemoryRegion local = env.region(pair.nearTransport(), 64);
            CompletionLog log = env.log(10);
            for (int i = 0; i < 10; i++) {
                new Calls(pair.near(), log).send(i, local, 0, 64);
            }
            CompletableFuture<CloseOutcome> near = pair.near().close(DRAIN);
            CompletableFuture<CloseOutcome> far = pair.far().close(DRAIN);
            Await.result("the near close", near, env.soon());
            Await.result("the far close", far, env.soon());
            log.awaitEnds(env.soon());
            Await.result("the near handler hears", pair.nearHandler().closed(), env.soon());
            Await.result("the far handler hears", pair.farHandler().closed(), env.soon());
            Await.result("release", local.release(), env.soon());
            pair.listener().close();
        }
    }

    private static void manyThreads(ContractEnvironment env) throws InterruptedException {
        int threads = 16;
        Pair pair = env.pair();
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        List<CompletableFuture<CloseOutcome>> closes = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < threads; t++) {
            CompletionLog log = env.log(200);
            boolean closer = t % 2 == 0;
            all.add(Thread.ofVirtual().start(() -> {
                awaitStart(start);
                for (int i = 0; i < 200; i++) {
                    log.submit(
                            i,
                            (done, context) ->
                                    pair.near().trySend(local, 0, 64, Calls.FAR_OFF.toNanos(), done, context));
                    if (closer && i == 50) {
                        closes.add(pair.near().close(DRAIN));
                    }
                }
            }));
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        for (CompletableFuture<CloseOutcome> close : closes) {
            Await.result("close", close, env.soon());
        }
        Await.result("closed", pair.near().closed(), env.soon());
    }

    private static void awaitStart(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void afterwards(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        RegionDescriptor target =
                env.region(pair.farTransport(), 64).grant(Rights.ALL).descriptor();
        CloseOutcome outcome = Await.result("close", pair.near().close(DRAIN), env.soon());
        CloseOutcome again = Await.result("closing again", pair.near().close(Duration.ZERO), env.soon());
        if (outcome != again) {
            throw new AssertionError("a connection closed " + outcome + " and then " + again);
        }
        Await.result("the far side closes", pair.far().closed(), env.soon());
        long ns = Calls.FAR_OFF.toNanos();
        for (Connection side : List.of(pair.near(), pair.far())) {
            MemoryRegion own = side == pair.near() ? local : env.region(pair.farTransport(), 64);
            CompletionLog log = env.log(2);
            Expect.refusal(
                    "a message after the close",
                    ErrorCode.CLOSED,
                    log.submit(0, (done, context) -> side.trySend(own, 0, 8, ns, done, context)));
            Expect.refusal(
                    "a fence after the close",
                    ErrorCode.CLOSED,
                    log.submit(1, (done, context) -> side.tryFence(ns, done, context)));
            Expect.code(
                    "a request after the close",
                    ErrorCode.CLOSED,
                    Await.failure("a request", side.request(own.segment()), env.soon()));
        }
        CompletionLog log = env.log(1);
        Expect.refusal(
                "a write after the close",
                ErrorCode.CLOSED,
                log.submit(0, (done, context) -> pair.near().tryWrite(local, 0, target, 0, 8, ns, done, context)));
        Await.result("the transport closes", pair.nearTransport().close(DRAIN), env.soon());
        failsClosed(
                env,
                "connecting with a closed transport",
                () -> pair.nearTransport().connect(pair.listener().endpoint(), env.handler()));
        failsClosed(env, "allocating with a closed transport", () -> {
            pair.nearTransport().allocate(64);
            return new CompletableFuture<>();
        });
    }

    private interface Attempt {
        CompletableFuture<?> make();
    }

    /** Thrown or as the future's end: both are an answer. */
    private static void failsClosed(ContractEnvironment env, String what, Attempt attempt) {
        try {
            Expect.code(what, ErrorCode.CLOSED, Await.failure(what, attempt.make(), env.soon()));
        } catch (TransportException e) {
            Expect.code(what, ErrorCode.CLOSED, e);
        }
    }

    private static void listener(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        pair.listener().close();
        Await.result("stopping twice", pair.listener().stop(), env.soon());
        Await.result(
                "a connection outlives its listener",
                pair.near().request(local.segment()).result(),
                env.soon());
        Expect.code(
                "connecting to a closed listener",
                ErrorCode.CONNECT_FAILED,
                Await.failure(
                        "connecting",
                        pair.nearTransport().connect(pair.listener().endpoint(), env.handler()),
                        env.soon()));
        Listener again = pair.farTransport().listen(pair.listener().endpoint(), connection -> env.handler());
        Connection next = env.connect(pair.nearTransport(), again.endpoint(), env.handler());
        Await.result("the address works again", next.request(local.segment()).result(), env.soon());
        try {
            pair.nearTransport().listen(again.endpoint(), connection -> env.handler());
            throw new AssertionError("an address was bound twice");
        } catch (TransportException e) {
            Expect.code("binding twice", ErrorCode.BIND_FAILED, e);
        }
    }
}
