package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.Arena;
import java.util.List;

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

    /** Begins operation 0. */
    private interface Attempt {
        /** @return the region whose arena is closed, of {@value #REGION_BYTES} bytes */
        MemoryRegion begin(Pair pair, Calls calls, int bytes);
    }

    static List<Promise> promises() {
        return List.of(
                Promise.of(
                        6,
                        "messagesFromAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, true, ArenaClosedTooEarly::message)),
                Promise.of(
                        6,
                        "writesFromAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, false, ArenaClosedTooEarly::write)),
                Promise.of(
                        6,
                        "writesToAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, false, ArenaClosedTooEarly::writeTo)),
                Promise.of(
                        6,
                        "readsOfAnArenaThatIsClosedHarmNothingButTheirConnection",
                        env -> each(env, false, ArenaClosedTooEarly::read)));
    }

    /**
     * Tries it with each size on a connection of its own, beside one that goes on.
     *
     * @param fails whether no provider can have the bytes; else the operation may succeed
     */
    private static void each(ContractEnvironment env, boolean fails, Attempt attempt) {
        Pair beside = env.pair();
        for (int bytes : SIZES) {
            Pair pair = env.another(beside);
            CompletionLog log = env.log(1);
            MemoryRegion gone = attempt.begin(pair, new Calls(pair.near(), log), bytes);
            log.awaitEnds(env.soon());
            if (!log.succeeded(0)) {
                Await.result("the connection closes", pair.near().closed(), env.soon());
            } else if (fails) {
                throw new AssertionError("an operation succeeded on " + bytes + " bytes that are gone");
            }
            Await.result("release", gone.release(), env.soon());
            pair.listener().close();
            goesOn(env, beside, bytes);
        }
    }

    private static void goesOn(ContractEnvironment env, Pair beside, int bytes) {
        CompletionLog log = env.log(1);
        new Calls(beside.near(), log).send(0, env.region(beside.nearTransport(), bytes), 0, bytes);
        log.awaitSuccess(env.soon());
    }

    private static MemoryRegion gone(Transport transport) {
        try (Arena arena = Arena.ofShared()) {
            return transport.register(arena.allocate(REGION_BYTES));
        }
    }

    private static MemoryRegion message(Pair pair, Calls calls, int bytes) {
        MemoryRegion gone = gone(pair.nearTransport());
        calls.send(0, gone, 0, bytes);
        return gone;
    }

    private static MemoryRegion write(Pair pair, Calls calls, int bytes) {
        MemoryRegion gone = gone(pair.nearTransport());
        MemoryRegion target = pair.farTransport().allocate(bytes);
        calls.write(0, gone, 0, target.grant(Rights.WRITE).descriptor(), 0, bytes);
        return gone;
    }

    private static MemoryRegion writeTo(Pair pair, Calls calls, int bytes) {
        MemoryRegion gone = gone(pair.farTransport());
        MemoryRegion source = pair.nearTransport().allocate(bytes);
        calls.write(0, source, 0, gone.grant(Rights.WRITE).descriptor(), 0, bytes);
        return gone;
    }

    private static MemoryRegion read(Pair pair, Calls calls, int bytes) {
        MemoryRegion gone = gone(pair.farTransport());
        MemoryRegion local = pair.nearTransport().allocate(bytes);
        calls.read(0, local, 0, gone.grant(Rights.READ).descriptor(), 0, bytes);
        return gone;
    }
}
