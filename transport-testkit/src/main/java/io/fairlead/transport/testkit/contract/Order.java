package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.transport.Batch;
import io.fairlead.transport.Completion;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Row 3: what one connection keeps in the order of submission. */
final class Order {
    private static final int SLOTS = 32;
    private static final int SLOT_BYTES = 16_384;
    private static final int ROUNDS = 3000;
    private static final int MESSAGES = 20_000;

    private Order() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(3, "aReadSeesTheWriteBeforeIt", Order::writeThenRead),
                Promise.of(3, "overlappingWritesEndAsTheLastOne", Order::overlappingWrites),
                Promise.of(3, "messagesAndTagsComeInOrderOnce", Order::messages),
                Promise.of(3, "afterAFenceAWriteCannotOvertakeARead", Order::fence),
                Promise.of(3, "fencesWithoutEndHoldUpNothing", Order::fenceUponFence),
                Promise.of(3, "aBatchKeepsItsOrderAndAnswersForEachEntry", Order::batch));
    }

    private static void writeThenRead(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion source = env.randomRegion(pair.nearTransport(), 2L * SLOT_BYTES);
        MemoryRegion back = env.region(pair.nearTransport(), (long) SLOTS * SLOT_BYTES);
        MemoryRegion target = env.region(pair.farTransport(), (long) SLOTS * SLOT_BYTES);
        RegionDescriptor descriptor = target.grant(Rights.READ_WRITE).descriptor();
        CompletionLog log = env.log(2 * ROUNDS);
        Calls calls = new Calls(pair.near(), log);
        int[] from = new int[ROUNDS];
        int[] size = new int[ROUNDS];
        log.onSuccess(context -> {
            int i = (int) context / 2;
            if ((context & 1) == 1) {
                Bytes.same(
                        "read " + i,
                        source.segment().asSlice(from[i], size[i]),
                        back.segment().asSlice((long) (i % SLOTS) * SLOT_BYTES, size[i]));
            }
        });
        for (int i = 0; i < ROUNDS; i++) {
            int before = i - SLOTS;
            if (before >= 0) {
                Await.until(
                        "round " + before,
                        env.soon(),
                        () -> log.isReleased(2 * before) && log.isReleased(2 * before + 1));
            }
            from[i] = env.random().nextInt(SLOT_BYTES);
            size[i] = 1 + env.random().nextInt(i % 4 == 0 ? SLOT_BYTES : 64);
            long slot = (long) (i % SLOTS) * SLOT_BYTES;
            calls.write(2 * i, source, from[i], descriptor, slot, size[i]);
            calls.read(2 * i + 1, back, slot, descriptor, slot, size[i]);
        }
        log.awaitSuccess(env.soon());
    }

    private static void overlappingWrites(ContractEnvironment env) {
        int bytes = 4096;
        int writes = 2000;
        Pair pair = env.pair();
        MemoryRegion source = env.randomRegion(pair.nearTransport(), 2L * bytes);
        MemoryRegion expected = env.region(pair.nearTransport(), bytes);
        MemoryRegion target = env.region(pair.farTransport(), bytes);
        RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
        CompletionLog log = env.log(writes);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < writes; i++) {
            int length = 1 + env.random().nextInt(bytes);
            int at = env.random().nextInt(bytes - length + 1);
            int from = env.random().nextInt(bytes);
            calls.write(i, source, from, descriptor, at, length);
            MemorySegment.copy(source.segment(), from, expected.segment(), at, length);
            if (i % 50 == 49) {
                log.awaitSuccess(env.soon());
                Bytes.same("after write " + i, expected.segment(), target.segment());
            }
        }
    }

    private static void messages(ContractEnvironment env) {
        for (Dispatch dispatch : Dispatch.values()) {
            KitHandler far = env.handler(dispatch);
            AtomicInteger next = new AtomicInteger();
            far.onMessage((connection, message) ->
                            expect(next.getAndIncrement(), message.buffer().get(JAVA_INT_UNALIGNED, message.offset())))
                    .onTag((connection, tag) -> expect(next.getAndIncrement(), tag));
            Pair pair = env.pair(env.config(), env.handler(), far);
            MemoryRegion numbers = env.region(pair.nearTransport(), 4L * MESSAGES);
            MemoryRegion target = env.region(pair.farTransport(), 64);
            RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
            CompletionLog log = env.log(MESSAGES);
            Calls calls = new Calls(pair.near(), log);
            for (int i = 0; i < MESSAGES; i++) {
                numbers.segment().set(JAVA_INT_UNALIGNED, 4L * i, i);
                if (env.random().nextInt(4) == 0) {
                    calls.writeNotify(i, numbers, 4L * i, descriptor, 0, 4, i);
                } else {
                    calls.send(i, numbers, 4L * i, 4);
                }
            }
            log.awaitSuccess(env.soon());
            Await.until("all " + MESSAGES + " were handled", env.soon(), () -> next.get() >= MESSAGES);
        }
    }

    private static void expect(int expected, int found) {
        if (found != expected) {
            throw new AssertionError("message " + found + " came where " + expected + " was due");
        }
    }

    private static void fence(ContractEnvironment env) {
        int rounds = 500;
        int bytes = 50_000;
        Pair pair = env.pair();
        MemoryRegion source = env.region(pair.nearTransport(), 2L * bytes);
        source.segment().asSlice(bytes, bytes).fill((byte) 1);
        MemoryRegion back = env.region(pair.nearTransport(), bytes);
        MemoryRegion target = env.region(pair.farTransport(), bytes);
        RegionDescriptor descriptor = target.grant(Rights.READ_WRITE).descriptor();
        CompletionLog log = env.log(3 * rounds);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < rounds; i++) {
            byte before = (byte) (i & 1);
            calls.read(3 * i, back, 0, descriptor, 0, bytes);
            calls.fence(3 * i + 1);
            calls.write(3 * i + 2, source, before == 0 ? bytes : 0, descriptor, 0, bytes);
            log.awaitSuccess(env.soon());
            if (!Bytes.allAre(before, back.segment())) {
                throw new AssertionError("in round " + i + " the write after the fence shows in the read before it");
            }
        }
    }

    /** Each is begun by the completion of the one before, on the loop: all else must still have its turn. */
    private static void fenceUponFence(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion text = env.randomRegion(pair.farTransport(), 64);
        long boundNs = Calls.FAR_OFF.toNanos();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Long> last = new CompletableFuture<>();
        Completion next = new Completion() {
            @Override
            public void completed(long context, @Nullable TransportException failure, long value) {
                if (failure != null) {
                    last.completeExceptionally(failure);
                } else if (enough.get() || pair.near().tryFence(boundNs, this, context + 1) < 0) {
                    last.complete(context);
                }
            }
        };
        CompletionLog log = env.log(1);
        if (pair.near().tryFence(boundNs, next, 1) < 0) {
            throw new AssertionError("the first fence is refused");
        }
        try {
            new Calls(pair.far(), log).send(0, text, 0, 64);
            log.awaitSuccess(env.soon());
        } finally {
            enough.set(true); // a loop that is held up would hold up the close, too
        }
        if (Await.result("the last fence", last, env.soon()) < 2) {
            throw new AssertionError("only one fence was let in");
        }
    }

    private static void batch(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion local = env.randomRegion(pair.nearTransport(), 256);
        MemoryRegion target = env.region(pair.farTransport(), 128);
        RegionDescriptor descriptor = target.grant(Rights.ALL).descriptor();
        pair.farHandler().onTag((connection, tag) -> expect(7, tag));
        Batch batch = pair.near()
                .batch()
                .write(local, 0, descriptor, 0, 64)
                .write(local, 0, descriptor, 100, 64)
                .writeNotify(local, 64, descriptor, 64, 32, 7)
                .fetchAndAdd(descriptor, 96, 5)
                .compareAndSwap(descriptor, 96, 5, 6)
                .fence()
                .read(local, 128, descriptor, 0, 128)
                .send(local, 0, 10);
        expect(8, batch.size());
        List<Batch.Entry> entries =
                Await.result("the batch", batch.submit(Calls.FAR_OFF).result(), env.soon());
        expect(8, entries.size());
        for (int i = 0; i < entries.size(); i++) {
            TransportException failure = entries.get(i).failure();
            if (i == 1 ? failure == null || failure.code() != ErrorCode.OUT_OF_BOUNDS : failure != null) {
                throw new AssertionError("entry " + i + " ended with " + failure, failure);
            }
        }
        expect(0, (int) entries.get(3).value());
        expect(5, (int) entries.get(4).value());
        Bytes.same(
                "what was written",
                local.segment().asSlice(0, 96),
                local.segment().asSlice(128, 96));
        expect(6, (int) local.segment().get(JAVA_LONG, 128 + 96));
        Await.until(
                "the tag and the message",
                env.soon(),
                () -> pair.farHandler().tags() == 1 && pair.farHandler().messages() == 1);
    }
}
