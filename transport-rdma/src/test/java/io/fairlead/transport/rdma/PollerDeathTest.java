package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A poller that dies leaves nothing behind that somebody waits for, and nothing begins on it any more. */
@Tag("rdma")
class PollerDeathTest {
    private final OpenedFixture fixture = new OpenedFixture();

    @Test
    void whatWasUnderWayOnItEndsAndIsReleased() {
        try (RdmaScene scene = new RdmaScene(fixture, TransportConfig.DEFAULT)) {
            ContractEnvironment env = scene.environment();
            KitHandler silent = env.handler().onRequest((connection, id, message) -> {});
            Pair pair = env.pair(env.config(), env.handler(), silent);
            MemoryRegion local = env.region(pair.nearTransport(), 4096);
            MemoryRegion target = env.region(pair.farTransport(), 4096);
            RdmaLoop loop = fixture.loop(pair.nearTransport(), 0);
            CountDownLatch submitted = new CountDownLatch(1);
            loop.execute(() -> awaitQuietly(submitted));
            Operation<?> request = pair.near().request(local.segment().asSlice(0, 64));
            Operation<?> write =
                    pair.near().write(local, 0, target.grant(Rights.ALL).descriptor(), 0, 4096);
            kill(loop);
            submitted.countDown();

            for (Operation<?> operation : new Operation<?>[] {request, write}) {
                assertThat(Await.failure("the operation", operation, env.soon()).code())
                        .isIn(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.CLOSED);
                Await.result("its buffer", operation.released(), env.soon());
            }
            TransportException cause =
                    Await.result("the near side closes", pair.near().closed(), env.soon());
            assertThat(cause.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(cause).hasMessageContaining("poller").hasMessageContaining("made to die");
            Await.result("the far side closes", pair.farHandler().closed(), env.soon());
            Await.result("the region closes", local.release(), env.soon());
        }
    }

    @Test
    void connectionsGoToThePollersThatLive() {
        try (RdmaScene scene = new RdmaScene(fixture, TransportConfig.DEFAULT.with("rdma.loops", "2"))) {
            ContractEnvironment env = scene.environment();
            Transport near = env.start();
            Transport far = env.start();
            killAndAwait(env, fixture.loop(near, 0));
            killAndAwait(env, fixture.loop(far, 1));

            for (int i = 0; i < 3; i++) {
                Pair pair = env.join(near, far, env.handler(), env.handler());
                byte[] word = {1, 2, 3};
                byte[] reply = Await.result(
                        "a reply", pair.near().request(word(env, near, word)).result(), env.soon());
                assertThat(reply).isEqualTo(word);
            }
        }
    }

    @Test
    void whereNoneLivesConnectingFailsAndSaysSo() {
        try (RdmaScene scene = new RdmaScene(fixture, TransportConfig.DEFAULT)) {
            ContractEnvironment env = scene.environment();
            Transport whole = env.start();
            Transport broken = env.start();
            Listener atWhole = env.listen(whole, connection -> env.handler());
            Listener atBroken = env.listen(broken, connection -> env.handler());
            killAndAwait(env, fixture.loop(broken, 0));

            assertThat(failure(env, broken.connect(atWhole.endpoint(), env.handler())))
                    .hasMessageContaining(atWhole.endpoint().toString())
                    .hasMessageContaining("have died");
            assertThat(failure(env, whole.connect(atBroken.endpoint(), env.handler())))
                    .hasMessageContaining("have died");
        }
    }

    @Test
    void anAttemptToConnectEndsWithItsPoller() throws Exception {
        Timeouts patient = Timeouts.DEFAULT.withConnect(Duration.ofMinutes(5), Duration.ofMinutes(5));
        try (RdmaScene scene = new RdmaScene(fixture, TransportConfig.DEFAULT.with(patient));
                VerbsPeer peer = new VerbsPeer()) {
            ContractEnvironment env = scene.environment();
            Transport near = env.start();
            Endpoint undecided = peer.endpoint();
            CompletableFuture<Connection> connecting = near.connect(undecided, env.handler());
            try (ConnectionId asking = peer.await(CmEventType.CONNECT_REQUEST).id()) {
                kill(fixture.loop(near, 0));

                assertThat(failure(env, connecting)).as("of " + asking).hasMessageContaining("poller has died");
            }
        }
    }

    private static MemorySegment word(ContractEnvironment env, Transport of, byte[] bytes) {
        MemoryRegion region = env.region(of, bytes.length);
        region.segment().copyFrom(MemorySegment.ofArray(bytes));
        return region.segment();
    }

    private static TransportException failure(ContractEnvironment env, CompletableFuture<Connection> connecting) {
        TransportException failure = Await.failure("connecting", connecting, env.soon());
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.CONNECT_FAILED);
        return failure;
    }

    private static void killAndAwait(ContractEnvironment env, RdmaLoop loop) {
        kill(loop);
        Await.until("the poller is dead", env.soon(), loop::isDead);
    }

    /** A loop outlives what tasks of the engine can throw; a checked exception is none of that. */
    private static void kill(RdmaLoop loop) {
        loop.execute(() -> throwAnyway(new Exception("made to die")));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAnyway(Throwable any) throws E {
        throw (E) any;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
