package io.fairlead.transport.testkit.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Row 8 for requests: each ends with one answer, and a refusal is one: typed, with its reason, and without harm. */
final class RefusedRequests {
    private static final int REQUESTS = 90;

    /** A character of three bytes, so that the cut of a reason would fall into one. */
    private static final String WIDE = "€";

    private static final int REASON_BYTES = 1024;

    private RefusedRequests() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(8, "aRefusedRequestFailsWithItsReasonAndHarmsNobody", RefusedRequests::reasons),
                Promise.of(8, "aLongReasonIsCutBetweenCharacters", RefusedRequests::longReason),
                Promise.of(8, "aRequestIsAnsweredOnce", RefusedRequests::once),
                Promise.of(8, "aHandlerThatTakesNoRequestsRefusesThem", RefusedRequests::untaken));
    }

    private static void reasons(ContractEnvironment env) {
        for (Dispatch dispatch : Dispatch.values()) {
            KitHandler far = env.handler(dispatch).onRequest((connection, id, message) -> {
                int number = message.buffer().get(JAVA_INT_UNALIGNED, message.offset());
                switch (number % 3) {
                    case 0 -> connection.reply(id, message.payload());
                    case 1 -> connection.refuse(id, reason(number));
                    default -> Thread.ofVirtual().start(() -> connection.refuse(id, reason(number)));
                }
            });
            Pair pair = env.pair(env.config(), env.handler(), far);
            MemoryRegion numbers = env.region(pair.nearTransport(), 4L * REQUESTS);
            CompletionLog log = env.log(REQUESTS);
            Calls calls = new Calls(pair.near(), log);
            for (int i = 0; i < REQUESTS; i++) {
                numbers.segment().set(JAVA_INT_UNALIGNED, 4L * i, i);
                calls.request(i, numbers, 4L * i, 4);
            }
            Expect.equal("requests accepted", REQUESTS, log.accepted());
            log.awaitEnds(env.soon());
            for (int i = 0; i < REQUESTS; i++) {
                if (i % 3 == 0) {
                    Expect.equal("bytes of reply " + i, 4, log.value(i));
                } else {
                    refused("request " + i, reason(i), log.failure(i));
                }
            }
            Expect.open("refusing", pair.near());
            Expect.open("refusing", pair.far());
        }
    }

    private static String reason(int number) {
        return "block " + number + " is worn out — «" + "ü".repeat(number) + "»";
    }

    private static void refused(String what, String reason, @Nullable TransportException failure) {
        Expect.code(what, ErrorCode.REQUEST_FAILED, failure);
        if (failure == null || !String.valueOf(failure.getMessage()).contains(reason)) {
            throw new AssertionError(what + " does not say why, which is: " + reason, failure);
        }
    }

    private static void longReason(ContractEnvironment env) {
        KitHandler far = env.handler()
                .onRequest((connection, id, message) ->
                        connection.refuse(id, message.length() == 1 ? "" : WIDE.repeat(REASON_BYTES)));
        Pair pair = env.pair(env.config(), env.handler(), far);
        MemorySegment local = env.region(pair.nearTransport(), 8).segment();
        TransportException cut = Await.failure("a request", pair.near().request(local), env.soon());
        refused("a request refused at length", WIDE.repeat(REASON_BYTES / 3), cut);
        String said = String.valueOf(cut.getMessage());
        Expect.equal(
                "characters of a long reason",
                REASON_BYTES / 3,
                said.chars().filter(character -> character == WIDE.charAt(0)).count());
        Expect.equal(
                "broken characters of a long reason",
                0,
                said.chars().filter(c -> c == '\ufffd').count());
        TransportException empty = Await.failure("a request", pair.near().request(local.asSlice(0, 1)), env.soon());
        Expect.code("a request refused without a word", ErrorCode.REQUEST_FAILED, empty);
        Expect.open("a long reason", pair.near());
    }

    /** One of the two answers. */
    @FunctionalInterface
    private interface Answer {
        Operation<?> give(Connection to, long requestId);
    }

    private static void once(ContractEnvironment env) {
        Queue<Long> asked = new ConcurrentLinkedQueue<>();
        Pair pair = env.pair(
                env.config(), env.handler(), env.handler().onRequest((connection, id, message) -> asked.add(id)));
        MemorySegment local = env.region(pair.nearTransport(), 8).segment();
        MemorySegment answer = env.region(pair.farTransport(), 4).segment();
        Map<String, Answer> answers = Map.of(
                "reply", (to, id) -> to.reply(id, answer),
                "refusal", (to, id) -> to.refuse(id, "no"));
        answers.forEach((first, given) -> answers.forEach((second, late) -> {
            Operation<byte[]> request = pair.near().request(local);
            Await.until("the request comes", env.soon(), () -> !asked.isEmpty());
            long id = asked.remove();
            Await.result("the " + first, given.give(pair.far(), id).result(), env.soon());
            Expect.thrown(
                    "a " + second + " after a " + first, IllegalStateException.class, () -> late.give(pair.far(), id));
            if (first.equals("reply")) {
                Expect.equal("bytes of the reply", 4, Await.result("a reply", request.result(), env.soon()).length);
            } else {
                refused("a request", "no", Await.failure("a request", request, env.soon()));
            }
        }));
        answers.forEach((name, given) -> Expect.thrown(
                "a " + name + " to no request", IllegalStateException.class, () -> given.give(pair.near(), 7)));
        Expect.open("answering twice", pair.near());
        Expect.open("answering twice", pair.far());
    }

    private static void untaken(ContractEnvironment env) {
        Pair beside = env.pair();
        Listener listener = env.listen(beside.farTransport(), connection -> new ConnectionHandler() {});
        Connection near = env.connect(beside.nearTransport(), listener.endpoint(), env.handler());
        MemoryRegion local = env.region(beside.nearTransport(), 64);
        for (int i = 0; i < 3; i++) {
            Expect.code(
                    "a request that nobody takes",
                    ErrorCode.REQUEST_FAILED,
                    Await.failure("a request", near.request(local.segment()), env.soon()));
        }
        Await.result("a message after it", near.send(local.segment()).result(), env.soon());
        Expect.open("a request that nobody takes", near);
    }
}
