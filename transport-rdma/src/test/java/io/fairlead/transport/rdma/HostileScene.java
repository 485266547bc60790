package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.RdmaUnavailableException;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.LeakCheck;
import io.fairlead.transport.testkit.Pair;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A transport with a listener, a good connection and memory to protect; and strangers. When it closes, the good connection works, so
 * does a new one, the memory is as it was, and nothing of the RDMA stack, no thread and no file is left.
 */
final class HostileScene implements AutoCloseable {
    /** An emulated machine is some twenty times slower. */
    static final Duration SOON = Duration.ofSeconds(30);

    static final int TARGET_BYTES = 4096;

    private static final byte BEFORE = 0x2a;

    static {
        // An opened device stays open for the process.
        new RdmaTransportProvider()
                .start(TransportConfig.DEFAULT, TransportContext.plain())
                .close();
    }

    final long seed = Long.getLong("fairlead.fuzz.seed", System.nanoTime());
    final Random random = new Random(seed);
    final RdmaRawPeers raw = new RdmaRawPeers(new RdmaFixture().listenAddress());
    final ContractEnvironment env;
    final Pair good;
    final Listener door;

    private final LeakCheck leaks = LeakCheck.start();
    private final int objectsBefore = openObjects();
    private final List<KitHandler> handlers = new CopyOnWriteArrayList<>();
    private final MemoryRegion local;
    private final MemoryRegion target;

    HostileScene() {
        this(TransportConfig.DEFAULT);
    }

    HostileScene(TransportConfig config) {
        env = new ContractEnvironment(new RdmaFixture(), config, Dispatch.EXECUTOR, SOON, seed);
        good = env.join(env.start(TransportConfig.DEFAULT), env.start(config), env.handler(), env.handler());
        door = env.listen(good.farTransport(), connection -> {
            KitHandler handler = env.handler();
            handlers.add(handler);
            return handler;
        });
        local = env.region(good.nearTransport(), 64);
        target = env.region(good.farTransport(), 3 * TARGET_BYTES);
        target.segment().fill(BEFORE);
    }

    static int openObjects() {
        try {
            return Rdma.open().openObjects();
        } catch (RdmaUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] hello() {
        byte[] bytes = new byte[Handshake.FIXED_BYTES];
        new Handshake(SecurityMode.NONE, 4711, 1 << 16, 1 << 16, 16, 64, 1 << 20)
                .encode(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /** A stranger who has shaken hands. */
    RawEnd stranger() {
        RawEnd end = raw.connect(door.endpoint());
        end.write(hello());
        end.read(Handshake.FIXED_BYTES, SOON);
        return end;
    }

    /** Of the stranger that shook hands last. */
    KitHandler handler() {
        Await.until("a handler", SOON, () -> !handlers.isEmpty());
        return handlers.getLast();
    }

    int strangers() {
        return handlers.size();
    }

    /** Why the connection of the last stranger ended. */
    TransportException end() {
        return Await.result("the end of a stranger's connection", handler().closed(), SOON);
    }

    /** The middle of the memory that nothing may change, for reading at most. */
    RegionDescriptor readable() {
        return target.grant(TARGET_BYTES, TARGET_BYTES, Rights.READ, null).descriptor();
    }

    /** Memory at the listener that may change. */
    MemoryRegion writable() {
        return env.region(good.farTransport(), TARGET_BYTES);
    }

    /** One request on the good connection. */
    void ask() {
        Await.result("a request beside", good.near().request(local.segment()).result(), SOON);
    }

    void unharmed(String what) {
        assertThat(good.near().state()).as(what + ", seed " + seed).isEqualTo(Connection.State.OPEN);
        assertThat(Bytes.allAre(BEFORE, target.segment()))
                .as(what + ": memory is as it was, seed " + seed)
                .isTrue();
        ask();
    }

    @Override
    public void close() {
        unharmed("at the end");
        Connection fresh = env.connect(good.nearTransport(), door.endpoint(), env.handler());
        Await.result("a new connection", fresh.request(local.segment()).result(), SOON);
        Await.result("its close", fresh.close(Duration.ofSeconds(1)), SOON);
        Await.until(
                "only the good connection is left",
                SOON,
                () -> env.reading(good.farTransport()).connections() == 1);
        assertThat(env.finish()).as("what is wrong at the end, seed " + seed).isEmpty();
        Await.until("all RDMA objects are closed", SOON, () -> openObjects() == objectsBefore);
        leaks.verify(SOON);
    }
}
