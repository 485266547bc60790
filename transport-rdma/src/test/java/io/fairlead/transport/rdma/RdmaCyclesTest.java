package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections come and go, and what they took goes with them. */
@Tag("rdma")
class RdmaCyclesTest {
    private static final int CYCLES = 1000;
    private static final int LOOK_EVERY = 60;
    private static final int BYTES = 1 << 16;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** How a connection is used and ended. */
    private enum Way {
        UNUSED,
        USED,
        USED_AND_CLOSED_FROM_AFAR,
        CLOSED_FROM_BOTH_SIDES,
        CUT_OFF_UNDER_WRITES,
        CUT_OFF_FROM_AFAR_UNDER_WRITES,
        REFUSED_ACCESS
    }

    @Test
    void aThousandConnectionsLeaveNothingBehind() {
        try (RdmaScene scene = new RdmaScene()) {
            Cycles cycles = new Cycles(scene.environment());
            for (int i = 0; i < LOOK_EVERY; i++) {
                cycles.run(i); // buffers are pooled from their first use on
            }
            RdmaObjects before = RdmaScene.settledObjects();
            for (int i = 1; i <= CYCLES; i++) {
                cycles.run(i);
                if (i % LOOK_EVERY == 0 || i == CYCLES) {
                    RdmaScene.awaitObjects(before);
                }
            }
        }
    }

    /** However long a connect might have taken: it has not. */
    @Test
    void aClosedConnectionIsNotKeptByTheTimerOfItsConnect() {
        Timeouts timeouts = TransportConfig.DEFAULT.timeouts().withConnect(Duration.ofHours(1), Duration.ofHours(1));
        try (RdmaScene scene = new RdmaScene(TransportConfig.DEFAULT.with(timeouts))) {
            WeakReference<Connection> closed = closed(scene.environment());
            Await.until("a closed connection is collected", RdmaScene.SOON, () -> {
                System.gc();
                return closed.get() == null;
            });
        }
    }

    private static WeakReference<Connection> closed(ContractEnvironment env) {
        Transport near = env.start();
        Listener listener = env.listen(env.start(), connection -> env.handler());
        Connection connection = env.connect(near, listener.endpoint(), new ConnectionHandler() {});
        Await.result("the close", connection.close(DRAIN), env.soon());
        return new WeakReference<>(connection);
    }

    /** Two transports and a listener for all of the connections. */
    private static final class Cycles {
        final ContractEnvironment env;
        final Transport near;
        final Transport far;
        final AtomicReference<KitHandler> accepting = new AtomicReference<>();
        final Listener listener;
        final MemoryRegion local;
        final MemoryRegion back;
        final RegionDescriptor target;

        Cycles(ContractEnvironment env) {
            this.env = env;
            near = env.start();
            far = env.start();
            listener = env.listen(far, connection -> Objects.requireNonNull(accepting.get()));
            local = env.randomRegion(near, BYTES);
            back = env.region(near, BYTES);
            target = env.region(far, BYTES).grant(Rights.ALL).descriptor();
        }

        void run(int cycle) {
            KitHandler nearHandler = env.handler();
            KitHandler farHandler = env.handler();
            accepting.set(farHandler);
            Connection here = env.connect(near, listener.endpoint(), nearHandler);
            Connection there = Await.result("the far side opens", farHandler.opened(), env.soon());
            switch (Way.values()[cycle % Way.values().length]) {
                case UNUSED -> here.close(DRAIN);
                case USED -> {
                    use(here);
                    here.close(DRAIN);
                }
                case USED_AND_CLOSED_FROM_AFAR -> {
                    use(here);
                    there.close(DRAIN);
                }
                case CLOSED_FROM_BOTH_SIDES -> {
                    here.close(DRAIN);
                    there.close(DRAIN);
                }
                case CUT_OFF_UNDER_WRITES -> cutOff(here, here);
                case CUT_OFF_FROM_AFAR_UNDER_WRITES -> cutOff(here, there);
                case REFUSED_ACCESS -> refused(here);
            }
            Await.result("the near side closes", nearHandler.closed(), env.soon());
            Await.result("the far side closes", farHandler.closed(), env.soon());
        }

        private void use(Connection connection) {
            Await.result("a write", connection.write(local, 0, target, 0, BYTES).result(), env.soon());
            byte[] reply = Await.result(
                    "a request",
                    connection.request(local.segment().asSlice(0, 1000)).result(),
                    env.soon());
            assertThat(reply).hasSize(1000);
            Await.result("a read", connection.read(back, 0, target, 0, BYTES).result(), env.soon());
            Bytes.same("what was read back", local.segment(), back.segment());
        }

        private void cutOff(Connection connection, Connection closing) {
            CompletionLog log = env.log(20);
            for (int i = 0; i < 20; i++) {
                log.submit(
                        i,
                        (done, context) ->
                                connection.tryWrite(local, 0, target, 0, BYTES, DRAIN.toNanos(), done, context));
            }
            closing.close(Duration.ZERO);
            log.awaitEnds(env.soon());
        }

        private void refused(Connection connection) {
            ProviderKey key = Objects.requireNonNull(target.providerKey());
            RegionDescriptor forged = new RegionDescriptor(
                    target.regionId(),
                    target.generation(),
                    target.token(),
                    target.length(),
                    target.rights(),
                    target.incarnation(),
                    target.expiresAt(),
                    new ProviderKey(key.key() ^ 0x5500, key.address()));
            assertThat(Await.failure("a write", connection.write(local, 0, forged, 0, 64), env.soon())
                            .code())
                    .isEqualTo(ErrorCode.REMOTE_ACCESS);
        }
    }
}
