package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.TransportFixture;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a test of this provider runs in: the environment of the contract kit, at whose end every operation has ended once, every transport
 * has closed in time, and the process holds what it held before.
 */
final class RdmaScene implements AutoCloseable {
    /** An emulated machine is some twenty times slower, and starts processes as slowly. */
    static final Duration SOON = Duration.ofSeconds(30);

    /** More than a connection lingers. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    static {
        // An opened device stays open for the process.
        new RdmaTransportProvider()
                .start(TransportConfig.DEFAULT, TransportContext.plain())
                .close();
        new ContractEnvironment(new RdmaFixture(), TransportConfig.DEFAULT, Dispatch.EXECUTOR, SOON, 0).finish();
    }

    private final RdmaObjects before = RdmaObjects.now();
    private final ContractEnvironment environment;
    private final long seed = ThreadLocalRandom.current().nextLong();

    RdmaScene() {
        this(TransportConfig.DEFAULT);
    }

    RdmaScene(TransportConfig config) {
        this(new RdmaFixture(), config);
    }

    RdmaScene(TransportFixture fixture, TransportConfig config) {
        environment = new ContractEnvironment(fixture, config, Dispatch.EXECUTOR, SOON, seed);
    }

    ContractEnvironment environment() {
        return environment;
    }

    @Override
    public void close() {
        assertThat(environment.finish())
                .as("what is wrong at the end, seed " + seed)
                .isEmpty();
        awaitObjects(before);
    }

    /** What the process holds once the connections that have just ended are taken apart. */
    static RdmaObjects settledObjects() {
        RdmaObjects[] last = {RdmaObjects.now()};
        long[] sinceNs = {System.nanoTime()};
        Await.until("nothing changes any more", SOON, () -> {
            RdmaObjects now = RdmaObjects.now();
            if (!now.equals(last[0])) {
                last[0] = now;
                sinceNs[0] = System.nanoTime();
            }
            return System.nanoTime() - sinceNs[0] > SETTLED.toNanos();
        });
        return last[0];
    }

    /** Waits until the process holds no more and no less than this. */
    static void awaitObjects(RdmaObjects wanted) {
        try {
            Await.until("all is as it was", SOON, () -> RdmaObjects.now().equals(wanted));
        } catch (AssertionError e) {
            assertThat(RdmaObjects.now()).as(e.getMessage()).isEqualTo(wanted);
        }
    }
}
