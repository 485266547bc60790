package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** Row 1: a handler finds every byte of the writes that were submitted before its message. */
final class WriteThenMessage {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final long LARGEST = 64L << 20;
    private static final int GUARD = 64;
    private static final byte GUARD_BYTE = 0x5a;
    private static final int SLOTS = 512;
    private static final int SLOT_BYTES = 256;
    private static final int MESSAGE_BYTES = 16;

    private WriteThenMessage() {}

    static List<Promise> promises() {
        return List.of(
                new Promise(
                        1, "aMessageFindsEveryByteOfTheWriteBeforeItAtEverySize", BOUND, env -> everySize(env, false)),
                new Promise(1, "aTagFindsEveryByteOfItsWriteAtEverySize", BOUND, env -> everySize(env, true)),
                new Promise(
                        1,
                        "aHundredThousandSmallWritesStandBeforeTheirMessagesInline",
                        BOUND,
                        env -> smallRounds(env, Dispatch.INLINE, 100_000)),
                new Promise(
                        1,
                        "twentyThousandSmallWritesStandBeforeTheirMessagesOnTheExecutor",
                        BOUND,
                        env -> smallRounds(env, Dispatch.EXECUTOR, 20_000)));
    }

    /** Powers of two and the limits, one less and one more. */
    private static long[] sizes(Limits limits) {
        TreeSet<Long> sizes = new TreeSet<>();
        for (long power = 1; power <= LARGEST; power *= 2) {
            sizes.addAll(List.of(power - 1, power, power + 1));
        }
        for (long limit : new long[] {
            limits.maxFrameBytes(), 2L * limits.maxFrameBytes(), 3L * limits.maxFrameBytes(), limits.maxBytesInFlight()
        }) {
            sizes.addAll(List.of(limit - 1, limit, limit + 1));
        }
        return sizes.stream()
                .mapToLong(Long::longValue)
                .filter(size -> size > 0 && size <= Math.min(LARGEST, limits.maxOperationBytes()))
                .toArray();
    }

    private static void everySize(ContractEnvironment env, boolean notify) {
        long[] sizes = sizes(env.config().limits());
        Pair pair = env.pair(env.config());
        MemoryRegion source = env.randomRegion(pair.nearTransport(), LARGEST + 4096);
        MemoryRegion target = env.region(pair.farTransport(), LARGEST + 2 * GUARD);
        RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
        pair.farHandler()
                .onMessage((connection, message) ->
                        check(source, target, (int) message.buffer().get(JAVA_LONG_UNALIGNED, message.offset()), sizes))
                .onTag((connection, tag) -> check(source, target, tag, sizes));
        MemoryRegion round = env.region(pair.nearTransport(), 8L * sizes.length);
        CompletionLog log = env.log(2 * sizes.length);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < sizes.length; i++) {
            MemorySegment memory = target.segment();
            memory.asSlice(0, GUARD).fill(GUARD_BYTE);
            memory.asSlice(GUARD + sizes[i], GUARD).fill(GUARD_BYTE);
            if (notify) {
                calls.writeNotify(2 * i, source, i, descriptor, GUARD, sizes[i], i);
            } else {
                round.segment().set(JAVA_LONG_UNALIGNED, 8L * i, i);
                calls.write(2 * i, source, i, descriptor, GUARD, sizes[i]);
                calls.send(2 * i + 1, round, 8L * i, 8);
            }
            int handled = i + 1;
            Await.until(
                    "the handler of " + sizes[i] + " bytes",
                    env.soon(),
                    () -> pair.farHandler().messages() + pair.farHandler().tags() >= handled);
        }
        log.awaitSuccess(env.soon());
    }

    private static void check(MemoryRegion source, MemoryRegion target, int round, long[] sizes) {
        long size = sizes[round];
        MemorySegment memory = target.segment();
        Bytes.same("write of " + size + " bytes", source.segment().asSlice(round, size), memory.asSlice(GUARD, size));
        if (!Bytes.allAre(GUARD_BYTE, memory.asSlice(0, GUARD))
                || !Bytes.allAre(GUARD_BYTE, memory.asSlice(GUARD + size, GUARD))) {
            throw new AssertionError("write of " + size + " bytes touched what is beside its range");
        }
    }

    /** Many in flight; the target is a ring of slots, each used again when its message was handled. */
    private static void smallRounds(ContractEnvironment env, Dispatch dispatch, int rounds) {
        AtomicLong handled = new AtomicLong();
        KitHandler far = env.handler(dispatch);
        Pair pair = env.pair(env.config(), env.handler(), far);
        MemoryRegion source = env.randomRegion(pair.nearTransport(), 1 << 16);
        MemoryRegion messages = env.region(pair.nearTransport(), SLOTS * MESSAGE_BYTES);
        MemoryRegion target = env.region(pair.farTransport(), SLOTS * SLOT_BYTES);
        RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
        far.onMessage((connection, message) -> {
            int from = message.buffer().get(JAVA_INT_UNALIGNED, message.offset());
            int size = message.buffer().get(JAVA_INT_UNALIGNED, message.offset() + 4);
            long round = message.buffer().get(JAVA_LONG_UNALIGNED, message.offset() + 8);
            Bytes.same(
                    "round " + round,
                    source.segment().asSlice(from, size),
                    target.segment().asSlice(round % SLOTS * SLOT_BYTES, size));
            handled.incrementAndGet();
        });
        CompletionLog log = env.log(2 * rounds);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < rounds; i++) {
            int slot = i % SLOTS;
            int before = i - SLOTS;
            if (before >= 0
                    && !(handled.get() > before && log.isReleased(2 * before) && log.isReleased(2 * before + 1))) {
                Await.until(
                        "round " + before + " is over",
                        env.soon(),
                        () -> handled.get() > before && log.isReleased(2 * before) && log.isReleased(2 * before + 1));
            }
            int size = 1 + env.random().nextInt(SLOT_BYTES);
            int from = env.random().nextInt((1 << 16) - SLOT_BYTES);
            long at = (long) slot * MESSAGE_BYTES;
            messages.segment().set(JAVA_INT_UNALIGNED, at, from);
            messages.segment().set(JAVA_INT_UNALIGNED, at + 4, size);
            messages.segment().set(JAVA_LONG_UNALIGNED, at + 8, i);
            calls.write(2 * i, source, from, descriptor, (long) slot * SLOT_BYTES, size);
            calls.send(2 * i + 1, messages, at, MESSAGE_BYTES);
        }
        Await.until("all " + rounds + " messages are handled", env.soon(), () -> far.messages() == rounds);
        log.awaitSuccess(env.soon());
    }
}
