package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;

/** Row 10: with the fewest credits and both directions full, nothing deadlocks and control frames still move. */
final class BothWaysFull {
    private static final int MESSAGE_BYTES = 32 * 1024;
    private static final int ROUNDS = 1000;

    private BothWaysFull() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(10, "oneCreditAndOneOperationEachWayDoNotDeadlock", env -> full(env, 1)),
                Promise.of(10, "fewCreditsAndLargeWritesEachWayDoNotDeadlock", env -> full(env, 4)),
                Promise.of(10, "requestsFromBothSidesWithOneCreditAreAllAnswered", BothWaysFull::requests),
                Promise.of(10, "aFullConnectionStaysAliveBeyondItsKeepAliveTime", BothWaysFull::control));
    }

    private static TransportConfig tight(ContractEnvironment env, int room) {
        return env.config()
                .with(env.config()
                        .limits()
                        .withMessages(MESSAGE_BYTES, room, (long) room * MESSAGE_BYTES)
                        .withOperationsInFlight(room));
    }

    private static void full(ContractEnvironment env, int room) {
        Pair pair = env.pair(tight(env, room));
        RegionDescriptor toFar =
                env.region(pair.farTransport(), 1 << 20).grant(Rights.ALL).descriptor();
        RegionDescriptor toNear =
                env.region(pair.nearTransport(), 1 << 20).grant(Rights.ALL).descriptor();
        MemoryRegion nearLocal = env.randomRegion(pair.nearTransport(), 1 << 20);
        MemoryRegion farLocal = env.randomRegion(pair.farTransport(), 1 << 20);
        CompletionLog nearLog = env.log(2 * ROUNDS);
        CompletionLog farLog = env.log(2 * ROUNDS);
        int bytes = room == 1 ? 5000 : 200_000;
        Thread near = Thread.ofVirtual().start(() -> flood(pair.near(), nearLog, nearLocal, toFar, bytes));
        Thread far = Thread.ofVirtual().start(() -> flood(pair.far(), farLog, farLocal, toNear, bytes));
        Await.until("both floods are over", env.soon(), () -> !near.isAlive() && !far.isAlive());
        Expect.equal("operations accepted", 4L * ROUNDS, nearLog.accepted() + farLog.accepted());
        nearLog.awaitSuccess(env.soon());
        farLog.awaitSuccess(env.soon());
        Await.until(
                "all messages are handled",
                env.soon(),
                () -> pair.nearHandler().messages() == ROUNDS
                        && pair.farHandler().messages() == ROUNDS);
    }

    private static void flood(
            Connection from, CompletionLog log, MemoryRegion local, RegionDescriptor target, int bytes) {
        Calls calls = new Calls(from, log);
        for (int i = 0; i < ROUNDS; i++) {
            calls.write(2 * i, local, 0, target, 0, bytes);
            calls.send(2 * i + 1, local, 0, 1 + i * 31 % MESSAGE_BYTES);
        }
    }

    private static void requests(ContractEnvironment env) {
        Pair pair = env.pair(tight(env, 1));
        MemoryRegion nearLocal = env.region(pair.nearTransport(), MESSAGE_BYTES);
        MemoryRegion farLocal = env.region(pair.farTransport(), MESSAGE_BYTES);
        CompletionLog nearLog = env.log(ROUNDS);
        CompletionLog farLog = env.log(ROUNDS);
        Thread near = Thread.ofVirtual().start(() -> ask(env, pair.near(), nearLog, nearLocal));
        Thread far = Thread.ofVirtual().start(() -> ask(env, pair.far(), farLog, farLocal));
        Await.until("both sides asked", env.soon(), () -> !near.isAlive() && !far.isAlive());
        Expect.equal("requests accepted", 2L * ROUNDS, nearLog.accepted() + farLog.accepted());
        nearLog.awaitSuccess(env.soon());
        farLog.awaitSuccess(env.soon());
    }

    private static void ask(ContractEnvironment env, Connection from, CompletionLog log, MemoryRegion local) {
        Calls calls = new Calls(from, log);
        for (int i = 0; i < ROUNDS; i++) {
            int request = i;
            Await.until("room for request " + i, env.soon(), () -> {
                long answer = calls.request(request, local, 0, 1 + request * 17L % MESSAGE_BYTES);
                if (answer < 0) {
                    Expect.refusal("a request without room", ErrorCode.BACK_PRESSURED, answer);
                }
                return answer >= 0;
            });
        }
    }

    private static void control(ContractEnvironment env) {
        Duration interval = Duration.ofMillis(200);
        Duration silence = Duration.ofMillis(800);
        TransportConfig config = tight(env, 4);
        Gate gate = env.gate();
        KitHandler nearHandler = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass());
        KitHandler farHandler = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass());
        Pair pair = env.pair(config.with(config.timeouts().withKeepAlive(interval, silence)), nearHandler, farHandler);
        for (Connection side : List.of(pair.near(), pair.far())) {
            MemoryRegion local = env.region(side.transport(), MESSAGE_BYTES);
            CompletionLog log = env.log(5);
            for (int i = 0; i < 5; i++) {
                log.submit(
                        i,
                        (done, context) ->
                                side.trySend(local, 0, MESSAGE_BYTES, Calls.FAR_OFF.toNanos(), done, context));
            }
            Expect.equal("messages accepted with 4 credits", 4, log.accepted());
        }
        Await.holdsFor(
                "the connection lives although both handlers are stuck",
                silence.plus(silence),
                () -> pair.near().state() == State.OPEN && pair.far().state() == State.OPEN);
        gate.open();
        Await.until(
                "all messages are handled",
                env.soon(),
                () -> nearHandler.messages() == 4 && farHandler.messages() == 4);
    }
}
