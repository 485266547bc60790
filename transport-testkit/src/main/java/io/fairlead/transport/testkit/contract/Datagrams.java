package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
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
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Rows 3, 4 and 9 for what is unreliable: a datagram that comes is whole and comes once, and waits for nobody. */
final class Datagrams {
    private static final int DATAGRAMS = 2000;

    /** What every network carries in one packet. */
    private static final int BYTES = 1000;

    private static final int CREDITS = 16;

    /** Time for what is under way to arrive, where nothing says that it did. */
    private static final Duration WHILE = Duration.ofMillis(200);

    private Datagrams() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(3, "aDatagramThatComesIsWholeAndComesOnce", Datagrams::wholeAndOnce),
                Promise.of(4, "aDatagramThatIsTooLargeFailsLocally", Datagrams::tooLarge),
                Promise.of(9, "datagramsToASlowHandlerAreBoundedAndHoldNothingUp", Datagrams::slowHandler));
    }

    private static void wholeAndOnce(ContractEnvironment env) {
        for (Dispatch dispatch : Dispatch.values()) {
            Pair pair = env.pair(env.config(), env.handler(), env.handler(dispatch));
            MemoryRegion sent = env.randomRegion(pair.nearTransport(), (long) DATAGRAMS * BYTES);
            int[] sizes = new int[DATAGRAMS];
            for (int i = 0; i < DATAGRAMS; i++) {
                sizes[i] = Integer.BYTES + env.random().nextInt(BYTES - Integer.BYTES + 1);
                sent.segment().set(JAVA_INT_UNALIGNED, (long) i * BYTES, i);
            }
            AtomicIntegerArray came = new AtomicIntegerArray(DATAGRAMS);
            pair.farHandler().onMessage((connection, datagram) -> {
                int number = datagram.buffer().get(JAVA_INT_UNALIGNED, datagram.offset());
                Bytes.same(
                        "datagram " + number,
                        sent.segment().asSlice((long) number * BYTES, sizes[number]),
                        datagram.payload());
                Expect.atMost("how often datagram " + number + " came", 1, came.incrementAndGet(number));
            });
            CompletionLog log = env.log(DATAGRAMS);
            Calls calls = new Calls(pair.near(), log);
            for (int i = 0; i < DATAGRAMS; i++) {
                calls.datagram(i, sent, (long) i * BYTES, sizes[i]);
            }
            log.awaitSuccess(env.soon());
            Await.until("some come", env.soon(), () -> pair.farHandler().datagrams() > 0);
            Await.result(
                    "a request after them",
                    pair.near().request(sent.segment().asSlice(0, 8)).result(),
                    env.soon());
        }
    }

    private static void tooLarge(ContractEnvironment env) {
        Pair pair = env.pair(env.config().with(tight(env)));
        pair.farHandler().onMessage((connection, datagram) -> Expect.equal("its bytes", 0, datagram.length()));
        MemoryRegion local = env.region(pair.nearTransport(), 2L * BYTES);
        Connection near = pair.near();
        CompletionLog log = env.log(2);
        long ns = Calls.FAR_OFF.toNanos();
        Expect.refusal(
                "a datagram beyond the peer's largest message",
                ErrorCode.TOO_LARGE,
                log.submit(0, (done, context) -> near.tryDatagram(local, 0, BYTES + 1, ns, done, context)));
        Expect.refusal(
                "a datagram from beyond the region",
                ErrorCode.OUT_OF_BOUNDS,
                log.submit(1, (done, context) -> near.tryDatagram(local, 2L * BYTES - 7, 8, ns, done, context)));
        Expect.code(
                "a copied datagram beyond the peer's largest message",
                ErrorCode.TOO_LARGE,
                Await.failure("a datagram", near.datagram(local.segment(), Calls.FAR_OFF), env.soon()));
        Await.until("one of no bytes comes, if it is said often enough", env.soon(), () -> {
            Await.result(
                    "a datagram of no bytes",
                    near.datagram(local.segment().asSlice(0, 0), Calls.FAR_OFF).result(),
                    env.soon());
            return pair.farHandler().datagrams() > 0;
        });
        Expect.open("a datagram that is too large", near);
    }

    private static Limits tight(ContractEnvironment env) {
        return env.config().limits().withMessages(BYTES, CREDITS, (long) CREDITS * BYTES);
    }

    private static void slowHandler(ContractEnvironment env) {
        Gate gate = env.gate();
        KitHandler far = env.handler(Dispatch.EXECUTOR).onMessage((connection, message) -> gate.pass());
        Pair pair = env.pair(env.config().with(tight(env)), env.handler(), far);
        MemoryRegion local = env.region(pair.nearTransport(), BYTES);
        RegionDescriptor target =
                env.region(pair.farTransport(), BYTES).grant(Rights.WRITE).descriptor();
        CompletionLog log = env.log(DATAGRAMS + 1);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < DATAGRAMS; i++) {
            calls.datagram(i, local, 0, 64);
        }
        calls.write(DATAGRAMS, local, 0, target, 0, BYTES);
        log.awaitSuccess(env.soon());
        Await.holdsFor("the connection lives", WHILE, () -> far.closed().getNow(null) == null);
        gate.open();
        CompletionLog after = env.log(1);
        new Calls(pair.near(), after).send(0, local, 0, 8);
        Await.until("a message after them is handled", env.soon(), () -> far.messages() == 1);
        Await.holdsFor(
                "no more datagrams were kept than messages would have been", WHILE, () -> far.datagrams() <= CREDITS);
        Expect.open("datagrams to a slow handler", pair.near());
    }
}
