package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Row 6: once a revocation has completed, nobody changes the memory any more, and its arena may be closed. */
final class RevokeUnderFire {
    private static final int WRITERS = 8;
    private static final int WRITES = 20_000;
    private static final int REGION_BYTES = 4 << 20;
    private static final byte PATTERN = 0x0f;
    private static final Duration WATCH = Duration.ofMillis(150);
    private static final Set<ErrorCode> ENDS =
            Set.of(ErrorCode.REMOTE_ACCESS, ErrorCode.OUTCOME_UNKNOWN, ErrorCode.CLOSED, ErrorCode.CANCELLED);

    private RevokeUnderFire() {}

    static List<Promise> promises() {
        return List.of(
                new Promise(6, "afterARevocationTheMemoryNeverChangesAgain", Duration.ofSeconds(60), env -> {
                    for (int round = 0; round < 4; round++) {
                        underFire(env, round);
                    }
                }),
                Promise.of(6, "aRevocationAwaitsTheWriteThatIsUnderWay", RevokeUnderFire::underWay),
                Promise.of(6, "readersUnderARevocationEndOnceAndTheArenaCanBeClosed", RevokeUnderFire::readers));
    }

    private static void underFire(ContractEnvironment env, int round) {
        List<Pair> pairs = new ArrayList<>(List.of(env.pair()));
        while (pairs.size() < WRITERS) {
            pairs.add(env.another(pairs.getFirst()));
        }
        Pair first = pairs.getFirst();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(REGION_BYTES);
            MemoryRegion target = first.farTransport().register(memory);
            RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
            MemoryRegion source = env.randomRegion(first.nearTransport(), REGION_BYTES);
            List<CompletionLog> logs = new ArrayList<>();
            List<Thread> writers = new ArrayList<>();
            AtomicInteger written = new AtomicInteger();
            for (Pair pair : pairs) {
                CompletionLog log = env.log(WRITES);
                log.onSuccess(context -> written.incrementAndGet());
                logs.add(log);
                int writer = writers.size();
                writers.add(Thread.ofVirtual().start(() -> write(pair.near(), log, source, descriptor, writer)));
            }
            int enough = 200 + env.random().nextInt(1000);
            Await.until("writes run", env.soon(), () -> written.get() > enough);
            CompletableFuture<?> revoked = round % 2 == 0 ? target.revoke() : target.release();
            Await.result("revoke", revoked, env.soon());
            memory.fill(PATTERN);
            Await.holdsFor("the memory is as it was overwritten", WATCH, () -> Bytes.allAre(PATTERN, memory));
            for (Thread writer : writers) {
                Await.until("a writer ends", env.soon(), () -> !writer.isAlive());
            }
            for (CompletionLog log : logs) {
                log.awaitEnds(env.soon());
                log.verify(env.soon());
                for (int i = 0; i < WRITES; i++) {
                    if (log.wasAccepted(i) && log.failure(i) != null) {
                        Expect.oneOf("a write under revocation", ENDS, log.failure(i));
                    }
                }
            }
            for (Pair pair : pairs) {
                Await.result("a writer's connection closes", pair.near().closed(), env.soon());
                pair.listener().close();
            }
            Await.result("release", target.release(), env.soon());
        }
    }

    private static void write(
            Connection near, CompletionLog log, MemoryRegion source, RegionDescriptor descriptor, int writer) {
        for (int i = 0; i < WRITES; i++) {
            int bytes = i % 16 == writer ? 300_000 : 1 + i % 5000;
            long at = (i * 7919L + writer * 104_729L) % (REGION_BYTES - bytes);
            long answer = log.submit(
                    i,
                    (done, context) ->
                            near.tryWrite(source, at, descriptor, at, bytes, Calls.FAR_OFF.toNanos(), done, context));
            if (answer < 0 && ErrorCode.ofRefusal(answer) != ErrorCode.BACK_PRESSURED) {
                return;
            }
            if (answer < 0) {
                LockSupport.parkNanos(1000);
            }
        }
    }

    /** One write so large that it is surely half placed when the revocation comes. */
    private static void underWay(ContractEnvironment env) {
        int bytes = 48 << 20;
        Pair pair = env.pair();
        MemoryRegion source = env.region(pair.nearTransport(), bytes);
        source.segment().fill((byte) 1);
        MemoryRegion target = env.region(pair.farTransport(), bytes);
        MemorySegment memory = target.segment();
        for (int round = 0; round < 5; round++) {
            Pair once = env.another(pair);
            memory.fill((byte) 0);
            MemoryRegion.Grant grant = target.grant(Rights.WRITE);
            CompletionLog log = env.log(1);
            new Calls(once.near(), log).write(0, source, 0, grant.descriptor(), 0, bytes);
            Await.until("the write begins", env.soon(), () -> memory.get(JAVA_BYTE, 0) == 1);
            Await.result("revoke", grant.revoke(), env.soon());
            memory.fill(PATTERN);
            Await.holdsFor("the memory is as it was overwritten", WATCH, () -> Bytes.allAre(PATTERN, memory));
            log.awaitEnds(env.soon());
            once.listener().close();
        }
    }

    private static void readers(ContractEnvironment env) {
        for (int round = 0; round < 5; round++) {
            Pair pair = env.pair();
            CompletionLog log = env.log(500);
            try (Arena arena = Arena.ofShared()) {
                MemoryRegion target = pair.farTransport().register(arena.allocate(REGION_BYTES));
                RegionDescriptor descriptor = target.grant(Rights.READ).descriptor();
                MemoryRegion local = env.region(pair.nearTransport(), REGION_BYTES);
                for (int i = 0; i < 500; i++) {
                    log.submit(
                            i,
                            (done, context) -> pair.near()
                                    .tryRead(local, 0, descriptor, 0, 100_000, Calls.FAR_OFF.toNanos(), done, context));
                }
                Await.until("reads run", env.soon(), () -> log.ended() > 3);
                Await.result("release", target.release(), env.soon());
                // Closing the arena here is the proof: memory still in use would make it fail, or the process die.
            }
            log.awaitEnds(env.soon());
        }
    }
}
