package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** Row 4: what the descriptor or a limit shows fails locally, touches nothing, and leaves the connection alive. */
final class Bounds {
    private static final int GRANTED = 1000;
    private static final int GUARD = 512;
    private static final byte GUARD_BYTE = 0x33;
    private static final long[][] OUTSIDE = {
        {-1, 1},
        {0, -1},
        {0, GRANTED + 1},
        {GRANTED, 1},
        {1, GRANTED},
        {GRANTED + 1, 0},
        {Long.MAX_VALUE, 1},
        {1, Long.MAX_VALUE},
        {Long.MAX_VALUE, Long.MAX_VALUE},
        {Long.MIN_VALUE, 1},
        {-1, Long.MIN_VALUE},
        {-8, 8},
    };
    private static final long[][] INSIDE = {{0, 0}, {GRANTED, 0}, {GRANTED - 1, 1}, {0, GRANTED}, {1, GRANTED - 1}};

    private Bounds() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(4, "outsideTheGrantNothingIsSentAndTheConnectionLives", Bounds::remoteRange),
                Promise.of(4, "outsideTheLocalRegionNothingIsSentAndTheConnectionLives", Bounds::localRange),
                Promise.of(4, "aRightThatIsNotGrantedFailsLocally", Bounds::rights),
                Promise.of(4, "anAtomicOffItsAlignmentFailsLocally", Bounds::alignment),
                Promise.of(4, "whatIsLargerThanALimitFailsLocally", Bounds::tooLarge),
                Promise.of(4, "aRegionOfAnotherTransportOrClosedFailsLocally", Bounds::wrongRegion),
                Promise.of(4, "memoryThatCannotBeSharedIsRefused", Bounds::wrongMemory));
    }

    /** A granted range in the middle of a region, with guard zones on both sides. */
    private static final class Guarded {
        final MemoryRegion region;
        final RegionDescriptor descriptor;

        Guarded(ContractEnvironment env, Pair pair, Rights rights) {
            region = env.region(pair.farTransport(), GRANTED + 2 * GUARD);
            region.segment().fill(GUARD_BYTE);
            descriptor = region.grant(GUARD, GRANTED, rights, null).descriptor();
        }

        void checkGuards() {
            if (!Bytes.allAre(GUARD_BYTE, region.segment().asSlice(0, GUARD))
                    || !Bytes.allAre(GUARD_BYTE, region.segment().asSlice(GUARD + GRANTED, GUARD))) {
                throw new AssertionError("bytes beside the granted range were changed");
            }
        }

        void checkUntouched() {
            if (!Bytes.allAre(GUARD_BYTE, region.segment())) {
                throw new AssertionError("bytes were changed by an operation that was refused");
            }
        }
    }

    private static void remoteRange(ContractEnvironment env) {
        Pair pair = env.pair();
        Guarded guarded = new Guarded(env, pair, Rights.ALL);
        RegionDescriptor target = guarded.descriptor;
        MemoryRegion local = env.randomRegion(pair.nearTransport(), 4 * GRANTED);
        Connection near = pair.near();
        for (long[] range : OUTSIDE) {
            long at = range[0];
            long bytes = range[1];
            String what = bytes + " bytes at " + at;
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryWrite(local, 0, target, at, bytes, ns(), done, context));
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryWriteNotify(local, 0, target, at, bytes, 1, ns(), done, context));
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryRead(local, 0, target, at, bytes, ns(), done, context));
            Expect.code(
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    Await.failure(what, near.write(local, 0, target, at, bytes), env.soon()));
            Expect.code(
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    Await.failure(what, near.read(local, 0, target, at, bytes), env.soon()));
        }
        for (long at : new long[] {-8, GRANTED, GRANTED + 8, Long.MAX_VALUE - 7, Long.MIN_VALUE}) {
            refused(
                    env,
                    "a word at " + at,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryFetchAndAdd(target, at, 1, ns(), done, context));
            refused(
                    env,
                    "a word at " + at,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryCompareAndSwap(target, at, 0, 1, ns(), done, context));
        }
        guarded.checkUntouched();
        for (long[] range : INSIDE) {
            CompletionLog log = env.log(2);
            Calls calls = new Calls(near, log);
            calls.write(0, local, 0, target, range[0], range[1]);
            calls.read(1, local, 2 * GRANTED, target, range[0], range[1]);
            log.awaitSuccess(env.soon());
            Bytes.same(
                    range[1] + " bytes at " + range[0],
                    local.segment().asSlice(0, range[1]),
                    local.segment().asSlice(2 * GRANTED, range[1]));
            guarded.checkGuards();
        }
        open(pair);
    }

    private static void localRange(ContractEnvironment env) {
        Pair pair = env.pair();
        Guarded guarded = new Guarded(env, pair, Rights.READ_WRITE);
        RegionDescriptor target = guarded.descriptor;
        MemoryRegion local = env.region(pair.nearTransport(), 100);
        Connection near = pair.near();
        for (long[] range : new long[][] {{-1, 1}, {0, 101}, {100, 1}, {101, 0}, {Long.MAX_VALUE, 1}, {99, 2}}) {
            String what = range[1] + " local bytes at " + range[0];
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryWrite(local, range[0], target, 0, range[1], ns(), done, context));
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.tryRead(local, range[0], target, 0, range[1], ns(), done, context));
            refused(
                    env,
                    what,
                    ErrorCode.OUT_OF_BOUNDS,
                    (done, context) -> near.trySend(local, range[0], range[1], ns(), done, context));
        }
        guarded.checkUntouched();
        open(pair);
        Await.result(
                "a message of no bytes", near.send(local, 100, 0, Calls.FAR_OFF).result(), env.soon());
        Await.until("a message of no bytes", env.soon(), () -> pair.farHandler().messages() == 1);
    }

    private static void rights(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        Connection near = pair.near();
        for (int bits = 0; bits < 8; bits++) {
            Rights rights = new Rights(bits);
            Guarded guarded = new Guarded(env, pair, rights);
            RegionDescriptor target = guarded.descriptor;
            if ((bits & Rights.WRITE.bits()) == 0) {
                refused(
                        env,
                        "a write with " + rights,
                        ErrorCode.NO_RIGHT,
                        (done, context) -> near.tryWrite(local, 0, target, 0, 8, ns(), done, context));
            }
            if ((bits & Rights.READ.bits()) == 0) {
                refused(
                        env,
                        "a read with " + rights,
                        ErrorCode.NO_RIGHT,
                        (done, context) -> near.tryRead(local, 0, target, 0, 8, ns(), done, context));
            }
            if (bits < 4) {
                refused(
                        env,
                        "an atomic with " + rights,
                        ErrorCode.NO_RIGHT,
                        (done, context) -> near.tryFetchAndAdd(target, 0, 1, ns(), done, context));
            }
            guarded.checkUntouched();
        }
        open(pair);
    }

    private static void alignment(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion words = env.region(pair.farTransport(), 64);
        RegionDescriptor target = words.grant(Rights.ALL).descriptor();
        for (int at = 1; at < 8; at++) {
            int offset = at;
            refused(
                    env,
                    "a word at " + at,
                    ErrorCode.MISALIGNED,
                    (done, context) -> pair.near().tryFetchAndAdd(target, offset, 1, ns(), done, context));
        }
        Expect.equal(
                "the word",
                0,
                Await.result(
                        "add",
                        pair.near().fetchAndAdd(target, 56, 5, Calls.FAR_OFF).result(),
                        env.soon()));
        Expect.equal(
                "the word",
                5,
                Await.result(
                        "miss",
                        pair.near()
                                .compareAndSwap(target, 56, 4, 9, Calls.FAR_OFF)
                                .result(),
                        env.soon()));
        Expect.equal(
                "the word",
                5,
                Await.result(
                        "swap",
                        pair.near()
                                .compareAndSwap(target, 56, 5, 9, Calls.FAR_OFF)
                                .result(),
                        env.soon()));
        Expect.equal("the word", 9, words.segment().get(JAVA_LONG, 56));
        open(pair);
    }

    private static void tooLarge(ContractEnvironment env) {
        Limits limits = env.config().limits().withMessages(4096, 4, 16_384);
        TransportConfig config = env.config().with(limits);
        Pair pair = env.pair(config);
        MemoryRegion local = env.region(pair.nearTransport(), 8192);
        Connection near = pair.near();
        refused(
                env,
                "a message over the limit",
                ErrorCode.TOO_LARGE,
                (done, context) -> near.trySend(local, 0, 4097, ns(), done, context));
        refusedRequest(
                env,
                "a request over the limit",
                ErrorCode.TOO_LARGE,
                (handler, context) -> near.tryRequest(local, 0, 4097, ns(), handler, context));
        Expect.code(
                "a message over the limit",
                ErrorCode.TOO_LARGE,
                Await.failure("a message over the limit", near.send(local.segment(), Calls.FAR_OFF), env.soon()));
        Await.result(
                "a message at the limit",
                near.send(local, 0, 4096, Calls.FAR_OFF).result(),
                env.soon());
        open(pair);
    }

    private static void wrongRegion(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion target = env.region(pair.farTransport(), 64);
        RegionDescriptor descriptor = target.grant(Rights.READ_WRITE).descriptor();
        MemoryRegion foreign = env.region(pair.farTransport(), 64);
        MemoryRegion closed = env.region(pair.nearTransport(), 64);
        Await.result("release", closed.release(), env.soon());
        for (MemoryRegion region : List.of(foreign, closed)) {
            refused(
                    env,
                    "a write from a wrong region",
                    ErrorCode.REGION_CLOSED,
                    (done, context) -> pair.near().tryWrite(region, 0, descriptor, 0, 8, ns(), done, context));
            refused(
                    env,
                    "a read into a wrong region",
                    ErrorCode.REGION_CLOSED,
                    (done, context) -> pair.near().tryRead(region, 0, descriptor, 0, 8, ns(), done, context));
            refused(
                    env,
                    "a message from a wrong region",
                    ErrorCode.REGION_CLOSED,
                    (done, context) -> pair.near().trySend(region, 0, 8, ns(), done, context));
        }
        open(pair);
    }

    private static void wrongMemory(ContractEnvironment env) {
        var transport = env.start();
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            illegal("memory of the heap", () -> transport.register(MemorySegment.ofArray(new byte[64])));
            illegal("memory of one thread", () -> transport.register(confined.allocate(64)));
            illegal(
                    "read-only memory",
                    () -> transport.register(shared.allocate(64).asReadOnly()));
            illegal("no memory", () -> transport.register(shared.allocate(64).asSlice(0, 0)));
            MemoryRegion region = transport.register(shared.allocate(64));
            for (long[] range :
                    new long[][] {{-1, 1}, {0, 0}, {0, 65}, {64, 1}, {Long.MAX_VALUE, 2}, {1, Long.MAX_VALUE}}) {
                illegal(
                        "a grant of " + range[1] + " at " + range[0],
                        () -> region.grant(range[0], range[1], Rights.READ, null));
            }
            Await.result("release", region.release(), env.soon());
        }
    }

    private static void illegal(String what, Runnable call) {
        Expect.thrown(what, IllegalArgumentException.class, call);
    }

    private static void refused(ContractEnvironment env, String what, ErrorCode code, CompletionLog.Submission call) {
        CompletionLog log = env.log(1);
        Expect.refusal(what, code, log.submit(0, call));
    }

    private static void refusedRequest(
            ContractEnvironment env, String what, ErrorCode code, CompletionLog.RequestSubmission call) {
        CompletionLog log = env.log(1);
        Expect.refusal(what, code, log.submitRequest(0, call));
    }

    private static void open(Pair pair) {
        Expect.open("a local failure", pair.near());
        Expect.open("a local failure", pair.far());
    }

    private static long ns() {
        return Duration.ofSeconds(20).toNanos();
    }
}
