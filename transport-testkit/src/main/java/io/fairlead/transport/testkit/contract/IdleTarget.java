package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.util.List;

/** Row 14: the target application takes no part in one-sided operations, however stuck its handlers are. */
final class IdleTarget {
    private static final int ROUNDS = 500;

    private IdleTarget() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(14, "oneSidedOperationsFinishWhileEveryHandlerIsStuck", IdleTarget::stuckHandler),
                Promise.of(14, "oneSidedOperationsFinishWhileTheCreditsAreUsedUp", IdleTarget::noCredits),
                Promise.of(14, "inAnotherProcessToo", IdleTarget::otherProcess));
    }

    private static void stuckHandler(ContractEnvironment env) {
        Gate gate = env.gate();
        KitHandler far = env.handler(Dispatch.EXECUTOR)
                .onMessage((connection, message) -> gate.pass())
                .onTag((connection, tag) -> gate.pass());
        Pair pair = env.pair(env.config(), env.handler(), far);
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        Await.result("the message", pair.near().send(local, 0, 8, Calls.FAR_OFF).result(), env.soon());
        oneSided(env, pair);
        gate.open();
        Await.until("the message is handled", env.soon(), () -> far.messages() == 1);
    }

    private static void noCredits(ContractEnvironment env) {
        Gate gate = env.gate();
        KitHandler far = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass());
        var limits = env.config().limits().withMessages(1024, 2, 2048);
        Pair pair = env.pair(env.config().with(limits), env.handler(), far);
        MemoryRegion local = env.region(pair.nearTransport(), 1024);
        CompletionLog log = env.log(3);
        for (int i = 0; i < 3; i++) {
            long answer = log.submit(
                    i, (done, context) -> pair.near().trySend(local, 0, 1024, Calls.FAR_OFF.toNanos(), done, context));
            if (i == 2) {
                Expect.refusal("a message without credit", ErrorCode.BACK_PRESSURED, answer);
            }
        }
        // One that waits for its credit must not hold up what comes after it.
        var waiting = pair.near().send(local, 0, 8, Calls.FAR_OFF);
        oneSided(env, pair);
        gate.open();
        Await.result("the message that waited", waiting.result(), env.soon());
        Await.until("the messages are handled", env.soon(), () -> far.messages() == 3);
    }

    private static void oneSided(ContractEnvironment env, Pair pair) {
        MemoryRegion local = env.randomRegion(pair.nearTransport(), 1 << 20);
        MemoryRegion back = env.region(pair.nearTransport(), 1 << 20);
        MemoryRegion target = env.region(pair.farTransport(), 1 << 20);
        RegionDescriptor descriptor = target.grant(Rights.ALL).descriptor();
        CompletionLog log = env.log(3 * ROUNDS);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < ROUNDS; i++) {
            int bytes = i % 50 == 0 ? 1 << 19 : 100;
            calls.write(3 * i, local, 8, descriptor, 8, bytes);
            calls.read(3 * i + 1, back, 8, descriptor, 8, bytes);
            calls.add(3 * i + 2, descriptor, 0, 1);
        }
        log.awaitSuccess(env.soon());
        Expect.equal("the counter", ROUNDS, target.segment().get(JAVA_LONG, 0));
        Bytes.same(
                "what was read back",
                local.segment().asSlice(8, 1 << 19),
                back.segment().asSlice(8, 1 << 19));
    }

    private static void otherProcess(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", 1 << 16, Rights.ALL.bits());
        peer.ask("block");
        var near = env.start();
        var connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion local = env.randomRegion(near, 1 << 16);
        CompletionLog log = env.log(ROUNDS + 1);
        Calls calls = new Calls(connection, log);
        calls.send(ROUNDS, local, 0, 8);
        for (int i = 0; i < ROUNDS; i++) {
            calls.write(i, local, 0, target, 0, 1 << 16);
        }
        log.awaitSuccess(env.soon());
        Expect.equal("messages handled", 0, peer.count("messages"));
        peer.ask("unblock");
    }
}
