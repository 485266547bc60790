package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Row 11 from within: a callback may close what called it, and can neither hang it nor take others along. */
final class CloseFromCallbacks {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private CloseFromCallbacks() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(11, "anyCallbackMayCloseItsConnection", CloseFromCallbacks::connection),
                Promise.of(11, "anyCallbackMayCloseItsTransport", CloseFromCallbacks::transport),
                Promise.of(11, "aHandlerThatThrowsClosesItsConnection", CloseFromCallbacks::throwing),
                Promise.of(11, "aLoopIsNeverBlockedByAWaitOnIt", CloseFromCallbacks::waitOnLoop));
    }

    private static void connection(ContractEnvironment env) {
        Pair first = env.pair();
        for (Dispatch dispatch : Dispatch.values()) {
            Pair fromMessage =
                    env.another(first, env.handler(), env.handler(dispatch).onMessage((connection, message) -> {
                        var _ = connection.close(DRAIN);
                    }));
            MemoryRegion local = env.region(first.nearTransport(), 64);
            fromMessage.near().send(local, 0, 8, Calls.FAR_OFF);
            bothClose(env, "a close from a message's handler", fromMessage);
            Pair fromRequest =
                    env.another(first, env.handler(), env.handler(dispatch).onRequest((connection, id, message) -> {
                        connection.reply(id, message.payload());
                        var _ = connection.close(DRAIN);
                    }));
            Await.result(
                    "a reply sent before its close",
                    fromRequest.near().request(local.segment()).result(),
                    env.soon());
            bothClose(env, "a close from a request's handler", fromRequest);
        }
        Pair fromCompletion = env.another(first);
        MemoryRegion local = env.region(first.nearTransport(), 64);
        CompletionLog log = env.log(1);
        log.onSuccess(context -> {
            var _ = fromCompletion.near().close(DRAIN);
        });
        new Calls(fromCompletion.near(), log).send(0, local, 0, 8);
        bothClose(env, "a close from a completion", fromCompletion);
        ConnectionHandler closing = new ConnectionHandler() {
            @Override
            public void opened(Connection connection) {
                var _ = connection.close(DRAIN);
            }

            @Override
            public void closed(Connection connection, TransportException cause) {
                var _ = connection.close(DRAIN);
            }
        };
        Listener listener = env.listen(first.farTransport(), connection -> closing);
        CompletableFuture<Connection> connected = first.nearTransport().connect(listener.endpoint(), env.handler());
        Await.until("the connect ends", env.soon(), connected::isDone);
        if (!connected.isCompletedExceptionally()) {
            Await.result("a close from opened", connected.join().closed(), env.soon());
        }
    }

    private static void bothClose(ContractEnvironment env, String what, Pair pair) {
        Await.result(what + ", near", pair.near().closed(), env.soon());
        Await.result(what + ", far", pair.far().closed(), env.soon());
    }

    private static void transport(ContractEnvironment env) {
        for (Dispatch dispatch : Dispatch.values()) {
            CompletableFuture<CompletableFuture<CloseOutcome>> closing = new CompletableFuture<>();
            Pair pair = env.pair(
                    env.config(),
                    env.handler(),
                    env.handler(dispatch)
                            .onMessage((connection, message) ->
                                    closing.complete(connection.transport().close(DRAIN))));
            MemoryRegion local = env.region(pair.nearTransport(), 64);
            pair.near().send(local, 0, 8, Calls.FAR_OFF);
            CompletableFuture<CloseOutcome> close = Await.result("the handler runs", closing, env.soon());
            Await.result("the transport closes", close, DRAIN.plus(env.soon()));
            Await.result("the near side hears", pair.near().closed(), env.soon());
        }
    }

    private static void throwing(ContractEnvironment env) {
        for (Dispatch dispatch : Dispatch.values()) {
            ConnectionHandler throwing = new ConnectionHandler() {
                @Override
                public Dispatch dispatch() {
                    return dispatch;
                }

                @Override
                public void message(Connection connection, Message message) {
                    throw new IllegalStateException("thrown on purpose by the contract kit");
                }
            };
            Pair beside = env.pair();
            Listener listener = env.listen(beside.farTransport(), connection -> throwing);
            Connection near = env.connect(beside.nearTransport(), listener.endpoint(), env.handler());
            MemoryRegion local = env.region(beside.nearTransport(), 64);
            near.send(local, 0, 8, Calls.FAR_OFF);
            Await.result("the connection closes", near.closed(), env.soon());
            Await.result(
                    "another connection lives",
                    beside.near().request(local.segment()).result(),
                    env.soon());
        }
    }

    /** Blocking forms are refused where they could never end. */
    private static void waitOnLoop(ContractEnvironment env) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Pair pair = env.pair(
                env.config(), env.handler(), env.handler(Dispatch.INLINE).onMessage((connection, message) -> {
                    try {
                        connection.fence(Calls.FAR_OFF).await();
                        connection.request(message.payload(), Calls.FAR_OFF).await();
                        thrown.complete(new AssertionError("a loop waited for itself"));
                    } catch (RuntimeException e) {
                        thrown.complete(e);
                    }
                }));
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        pair.near().send(local, 0, 8, Calls.FAR_OFF);
        Throwable outcome = Await.result("the handler ends", thrown, env.soon());
        if (!(outcome instanceof IllegalStateException)) {
            throw new AssertionError("a wait on the loop ended with " + outcome, outcome);
        }
    }
}
