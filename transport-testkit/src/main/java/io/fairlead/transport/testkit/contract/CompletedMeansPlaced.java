package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.PeerSession;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;

/** Row 2: a completed write stands in the target's memory, and a completed read in the local one. */
final class CompletedMeansPlaced {
    private static final Duration WATCH = Duration.ofMillis(400);
    private static final int SLOTS = 32;
    private static final int SLOT_BYTES = 40_000;
    private static final int ROUNDS = 4000;

    private CompletedMeansPlaced() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(2, "atItsCompletionAWriteStandsInTheTarget", env -> atCompletion(env, true)),
                Promise.of(2, "atItsCompletionAReadIsFinal", env -> atCompletion(env, false)),
                Promise.of(2, "aWriteDoesNotCompleteWhileTheTargetStandsStill", CompletedMeansPlaced::standstill));
    }

    /** Both memories are in this process, so the completion itself can compare them. */
    private static void atCompletion(ContractEnvironment env, boolean writing) {
        Pair pair = env.pair();
        MemoryRegion random = env.randomRegion(writing ? pair.nearTransport() : pair.farTransport(), 2L * SLOT_BYTES);
        MemoryRegion slots =
                env.region(writing ? pair.farTransport() : pair.nearTransport(), (long) SLOTS * SLOT_BYTES);
        RegionDescriptor remote =
                (writing ? slots : random).grant(Rights.READ_WRITE).descriptor();
        int[] from = new int[ROUNDS];
        int[] size = new int[ROUNDS];
        CompletionLog log = env.log(ROUNDS);
        log.onSuccess(context -> {
            int i = (int) context;
            Bytes.same(
                    "operation " + i,
                    random.segment().asSlice(from[i], size[i]),
                    slots.segment().asSlice((long) (i % SLOTS) * SLOT_BYTES, size[i]));
        });
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < ROUNDS; i++) {
            int before = i - SLOTS;
            if (before >= 0 && !log.isReleased(before)) {
                Await.until("operation " + before + " ends", env.soon(), () -> log.isReleased(before));
            }
            from[i] = env.random().nextInt(SLOT_BYTES);
            size[i] = 1 + env.random().nextInt(i % 8 == 0 ? SLOT_BYTES : 1000);
            long slot = (long) (i % SLOTS) * SLOT_BYTES;
            if (writing) {
                calls.write(i, random, from[i], remote, slot, size[i]);
            } else {
                calls.read(i, slots, slot, remote, from[i], size[i]);
            }
        }
        log.awaitSuccess(env.soon());
    }

    private static void standstill(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor target = peer.grant("target", 4 << 20, Rights.WRITE.bits());
        var near = env.start();
        var connection = env.connect(near, peer.endpoint(), env.handler());
        MemoryRegion source = env.randomRegion(near, 4 << 20);
        CompletionLog log = env.log(40);
        Calls calls = new Calls(connection, log);
        peer.suspend();
        for (int i = 0; i < 39; i++) {
            calls.write(i, source, i * 1000L, target, i * 1000L, 1000);
        }
        calls.write(39, source, 1 << 20, target, 1 << 20, 3 << 20);
        if (env.fixture().movesWithoutTarget()) {
            log.awaitSuccess(env.soon());
            peer.resume();
        } else {
            Await.holdsFor("no write completes at a target that stands still", WATCH, () -> log.ended() == 0);
            peer.resume();
            log.awaitSuccess(env.soon());
        }
        String expected = PeerSession.crc(source.segment().asSlice(1 << 20, 3 << 20));
        String found = peer.ask("crc target " + (1 << 20) + " " + (3 << 20));
        if (!found.equals(expected)) {
            throw new AssertionError("the target holds " + found + ", written was " + expected);
        }
    }
}
