package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Row 6: no order of calls harms the process. An application that closes the arena of a region before it has released it may lose its
 * operations on that region, each of which ends, and their connection; nothing else. A network card has the memory still, and its
 * writes and reads may even succeed.
 */
final class ArenaClosedTooEarly {
    /** So large that the C library gives it back to the system at once. */
    private static final int REGION_BYTES = 4 << 20;

    /** Copied beside its header, sent from where it lies, and in many frames. */
    private static final int[] SIZES = {64, 9000, 3 << 20};

    private ArenaClosedTooEarly() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(
                        6,
                        "messagesFromAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, (pair, bytes) -> message(env, pair, bytes))),
                Promise.of(
                        6,
                        "writesFromAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, (pair, bytes) -> write(env, pair, bytes))),
                Promise.of(
                        6,
                        "writesToAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, (pair, bytes) -> writeTo(env, pair, bytes))),
                Promise.of(
                        6,
                        "readsOfAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, (pair, bytes) -> read(env, pair, bytes))));
    }

    /** Tries it with each size on a connection of its own, beside one that goes on. */
    private static void each(ContractEnvironment env, BiConsumer<Pair, Integer> attempt) {
        Pair beside = env.pair();
        for (int bytes : SIZES) {
            Pair pair = env.another(beside);
            attempt.accept(pair, bytes);
            pair.listener().close();
            MemoryRegion source = env.randomRegion(beside.nearTransport(), bytes);
            CompletionLog log = env.log(1);
            new Calls(beside.near(), log).send(0, source, 0, bytes);
            log.awaitSuccess(env.soon());
        }
    }

    private static MemoryRegion gone(Transport transport) {
        try (Arena arena = Arena.ofShared()) {
            return transport.register(arena.allocate(REGION_BYTES));
        }
    }

    private static void message(ContractEnvironment env, Pair pair, int bytes) {
        MemoryRegion gone = gone(pair.nearTransport());
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).send(0, gone, 0, bytes);
        end(env, log, pair.near(), gone);
        if (log.succeeded(0)) {
            throw new AssertionError("a message of " + bytes + " bytes was sent, which are gone");
        }
    }

    private static void write(ContractEnvironment env, Pair pair, int bytes) {
        MemoryRegion gone = gone(pair.nearTransport());
        RegionDescriptor target =
                env.region(pair.farTransport(), bytes).grant(Rights.WRITE).descriptor();
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).write(0, gone, 0, target, 0, bytes);
        end(env, log, pair.near(), gone);
    }

    private static void writeTo(ContractEnvironment env, Pair pair, int bytes) {
        MemoryRegion gone = gone(pair.farTransport());
        MemoryRegion source = env.randomRegion(pair.nearTransport(), bytes);
        RegionDescriptor target = gone.grant(Rights.WRITE).descriptor();
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).write(0, source, 0, target, 0, bytes);
        end(env, log, pair.near(), gone);
    }

    private static void read(ContractEnvironment env, Pair pair, int bytes) {
        MemoryRegion gone = gone(pair.farTransport());
        MemoryRegion local = env.region(pair.nearTransport(), bytes);
        RegionDescriptor source = gone.grant(Rights.READ).descriptor();
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).read(0, local, 0, source, 0, bytes);
        end(env, log, pair.near(), gone);
    }

    /** If the operation failed, so did its connection: nothing of it is left to be heard of. */
    private static void end(ContractEnvironment env, CompletionLog log, Connection connection, MemoryRegion gone) {
        log.awaitEnds(env.soon());
        if (log.failure(0) != null) {
            Await.result("the connection closes", connection.closed(), env.soon());
        }
        Await.result("release", gone.release(), env.soon());
    }
}
