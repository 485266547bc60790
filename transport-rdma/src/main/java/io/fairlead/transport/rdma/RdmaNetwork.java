package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.MemoryRegistrar;
import io.fairlead.transport.core.Network;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.AsyncEvent;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.Device;
import io.fairlead.transport.rdma.verbs.ProtectionDomain;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queue pairs of one device in one protection domain, the pollers that move them, and the thread of the connection manager. */
final class RdmaNetwork implements Network {
    private static final Logger LOG = LoggerFactory.getLogger(RdmaNetwork.class);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final RdmaSettings settings;
    private final Timeouts timeouts;
    private final Device device;
    private final DeviceFiles files;
    private final ProtectionDomain domain;
    private final ConnectionManager manager;
    private final RdmaMemory memory;
    private final DeviceEvents.Watch watch;
    private @Nullable RdmaMeters meters;
    private final List<RdmaLoop> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<RdmaListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<RdmaConnecting> connecting = ConcurrentHashMap.newKeySet();

    private RdmaNetwork(
            RdmaSettings settings, Timeouts timeouts, Device device, ConnectionManager manager, boolean metered)
            throws VerbsException {
        this.settings = settings;
        this.timeouts = timeouts;
        this.device = device;
        files = DeviceFiles.of(device.name());
        this.manager = manager;
        domain = device.allocateProtectionDomain();
        memory = new RdmaMemory(domain);
        String name = "fairlead-rdma-" + STARTED.incrementAndGet();
        for (int i = 0; i < settings.loops(); i++) {
            loops.add(new RdmaLoop(name + "-" + i, i, device, settings, metered, this::died));
        }
        loops.forEach(RdmaLoop::start);
        manager.start(name + "-cm");
        watch = DeviceEvents.watch(device, settings.retriedFor(), new Losses());
    }

    /**
     * Takes the device and starts the threads.
     *
     * @param metered whether somebody wants to know how long operations take
     */
    static RdmaNetwork open(Rdma rdma, RdmaSettings settings, Timeouts timeouts, boolean metered)
            throws VerbsException {
        ConnectionManager manager = new ConnectionManager(rdma.createEventChannel());
        try {
            return new RdmaNetwork(settings, timeouts, manager.device(settings.device()), manager, metered);
        } catch (VerbsException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    RdmaSettings settings() {
        return settings;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    Device device() {
        return device;
    }

    DeviceFiles files() {
        return files;
    }

    ProtectionDomain domain() {
        return domain;
    }

    ConnectionManager manager() {
        return manager;
    }

    RdmaMemory memory() {
        return memory;
    }

    /** Meters that end with the network. */
    void meters(RdmaMeters chosen) {
        meters = chosen;
    }

    @Override
    public MemoryRegistrar registrar() {
        return memory;
    }

    @Override
    public List<RdmaLoop> loops() {
        return loops;
    }

    /** The next in turn that lives, or null if none does. */
    @Nullable
    RdmaLoop nextLoop() {
        for (int i = 0; i < loops.size(); i++) {
            RdmaLoop loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
            if (!loop.isDead()) {
                return loop;
            }
        }
        return null;
    }

    private void died(RdmaLoop loop, Throwable why) {
        connecting.forEach(attempt -> attempt.lost(loop, why));
    }

    @Override
    public Listener listen(Endpoint local, Function<Wire, @Nullable Engine> accepted) {
        try {
            InetSocketAddress address = local.resolve();
            if (address.isUnresolved()) {
                throw new IOException("unknown host " + local.host());
            }
            RdmaListener listener = RdmaListener.bind(this, address, accepted);
            listeners.add(listener);
            return listener;
        } catch (IOException | RuntimeException e) {
            throw new TransportException(ErrorCode.BIND_FAILED, "cannot listen at " + local + ": " + e.getMessage(), e);
        }
    }

    void gone(RdmaListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        RdmaLoop loop = nextLoop();
        if (loop == null) {
            failed.accept(
                    new TransportException(ErrorCode.CONNECT_FAILED, "cannot connect to " + remote + ": " + allDead()));
            return;
        }
        RdmaConnecting attempt = new RdmaConnecting(this, loop, remote, connected, failed);
        connecting.add(attempt);
        wanted.whenComplete((done, failure) -> attempt.abandoned());
        if (isLiteral(remote.host())) {
            attempt.begin();
        } else {
            // A name service may block, and a loop must not.
            Thread.ofVirtual().name("fairlead-resolve").start(attempt::begin);
        }
    }

    /** Why nothing can be begun any more, if that is why. */
    String allDead() {
        return "all " + loops.size() + " pollers of this transport (rdma.loops) have died; the log says of what";
    }

    void gone(RdmaConnecting attempt) {
        connecting.remove(attempt);
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<?> stop() {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        listeners.forEach(listener -> ends.add(listener.stop()));
        connecting.forEach(attempt -> attempt.fail("the transport is closed", null));
        loops.forEach(loop -> ends.add(loop.stop().orTimeout(5, TimeUnit.SECONDS)));
        CompletableFuture<?> stopped = new CompletableFuture<>();
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)).whenComplete((done, late) -> {
            // Not on a loop, nor on the manager's thread: it joins that.
            Thread.ofVirtual().start(() -> {
                watch.close();
                manager.close();
                RdmaMeters ending = meters;
                if (ending != null) {
                    ending.close();
                }
                memory.close(); // once the regions are released
                stopped.complete(null);
            });
        });
        return stopped;
    }

    /** Closes an id that has no queue pair any more. */
    void close(ConnectionId id) {
        manager.forget(id);
        try {
            id.close();
        } catch (VerbsException e) {
            LOG.warn("rdma: {}", e.getMessage());
        }
    }

    /** Runs a task on a loop. @return false if that has stopped */
    static boolean handOver(RdmaLoop loop, Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** What the device reports ends the connections that it concerns. */
    private final class Losses implements DeviceEvents.User {
        @Override
        public void failed(AsyncEvent event) {
            loops.forEach(loop -> handOver(loop, () -> loop.failed(event)));
        }

        @Override
        public void portsDown(Duration since) {
            String why = "no port of the device " + device + " is up since " + since.toMillis() + " ms";
            loops.forEach(loop -> handOver(loop, () -> loop.fail(new IOException(why))));
        }

        @Override
        public void lost(String why) {
            loops.forEach(loop -> handOver(loop, () -> loop.lose("the device " + device + " failed: " + why)));
        }
    }
}
