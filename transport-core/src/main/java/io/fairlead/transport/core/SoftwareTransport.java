package io.fairlead.transport.core;

import io.fairlead.transport.BufferPool;
import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionAcceptor;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.EffectiveTransport;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transport that moves bytes in software: everything but the streams themselves, which a {@link Network} makes. */
public final class SoftwareTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(SoftwareTransport.class);

    /** What a close may take beyond its drain time, for farewells and the end of threads. */
    private static final Duration FORCE = Duration.ofSeconds(2);

    private final TransportConfig config;
    private final EffectiveTransport effective;
    private final InstantSource clock;
    private final Executor handlers;
    private final Network network;
    private final long incarnation = new SecureRandom().nextLong();
    private final RegionRegistry regions;
    private final SlabPool pool;
    private final TransportMetrics metrics;
    private final Handshake hello;
    private final Set<Engine> engines = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final LinkedHashSet<Engine> halfOpen = new LinkedHashSet<>();
    private final CompletableFuture<CloseOutcome> closed = new CompletableFuture<>();
    private boolean closing;

    /** @throws TransportException {@link ErrorCode#SECURITY}: no software provider encrypts yet */
    public SoftwareTransport(String name, TransportConfig config, TransportContext context, Network network) {
        this.config = config;
        this.effective = new EffectiveTransport(name, context.reason());
        this.clock = context.clock();
        this.handlers = context.handlers() != null
                ? context.handlers()
                : task -> Thread.ofVirtual().name("fairlead-handler").start(task);
        this.network = network;
        this.regions =
                new RegionRegistry(config.limits(), incarnation, clock, this::evict, this::onLoop, network.registrar());
        this.pool = new SlabPool(config.limits().poolBytes(), config.limits().maxMessageBytes(), regions::allocate);
        this.hello = Handshake.of(config.limits(), config.security(), incarnation);
        this.metrics = meters(name, context);
        LOG.info(
                "transport {} runs ({}), {} loops, {}",
                name,
                context.reason(),
                network.loops().size(),
                config);
    }

    /** Refuses a configuration that asks for what no software provider can do. For providers, before they take anything. */
    public static void check(String name, TransportConfig config) {
        if (config.security() != SecurityMode.NONE) {
            throw new TransportException(
                    ErrorCode.SECURITY, "provider " + name + " cannot honour security mode " + config.security());
        }
    }

    private TransportMetrics meters(String name, TransportContext context) {
        if (context.meters() == null) {
            return TransportMetrics.NONE;
        }
        MicrometerMetrics meters = new MicrometerMetrics(context.meters(), name, context.reason());
        meters.gauge("fairlead.operations.in.flight", null, this, SoftwareTransport::operationsInFlight);
        meters.gauge("fairlead.credits", null, this, SoftwareTransport::creditsLeft);
        meters.gauge("fairlead.registered.bytes", "bytes", regions, RegionRegistry::registeredBytes);
        meters.gauge("fairlead.regions", null, regions, RegionRegistry::regions);
        meters.gauge("fairlead.pool.leased.bytes", "bytes", pool, SlabPool::leasedBytes);
        return meters;
    }

    private double operationsInFlight() {
        return engines.stream().mapToInt(Engine::operationsInFlight).sum();
    }

    private double creditsLeft() {
        return engines.stream().mapToLong(Engine::creditsLeft).sum();
    }

    // ---- for the engine and the provider -----------------------------------------------------------------------

    RegionRegistry regions() {
        return regions;
    }

    TransportMetrics metrics() {
        return metrics;
    }

    Executor handlers() {
        return handlers;
    }

    InstantSource clock() {
        return clock;
    }

    Handshake hello() {
        return hello;
    }

    boolean onLoop() {
        for (EventLoop loop : network.loops()) {
            if (loop.inLoop()) {
                return true;
            }
        }
        return false;
    }

    void opened(Engine engine) {
        synchronized (halfOpen) {
            halfOpen.remove(engine);
        }
    }

    void forget(Engine engine) {
        if (engines.remove(engine)) {
            connections.decrementAndGet();
        }
        opened(engine);
    }

    private void evict(RegionGrant grant) {
        for (EventLoop loop : network.loops()) {
            try {
                loop.execute(() -> {
                    for (Engine engine : engines) {
                        if (engine.wire().loop() == loop) {
                            engine.evict(grant);
                        }
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("a loop has stopped, nothing is left to evict");
            }
        }
    }

    private @Nullable Engine accept(Wire wire, ConnectionAcceptor acceptor) {
        if (connections.incrementAndGet() > config.limits().maxConnections()) {
            connections.decrementAndGet();
            LOG.warn(
                    "{}: a peer at {} is turned away, limit maxConnections {} is reached",
                    wire.local(),
                    wire.remote(),
                    config.limits().maxConnections());
            return null;
        }
        Engine engine = new Engine(this, wire, false, acceptor::accepted);
        engines.add(engine);
        Engine oldest = null;
        synchronized (halfOpen) {
            halfOpen.add(engine);
            if (halfOpen.size() > config.limits().maxHandshakes()) {
                oldest = halfOpen.removeFirst();
            }
        }
        if (oldest != null) {
            Engine tooMany = oldest;
            tooMany.onLoop(() -> tooMany.abort(new TransportException(
                    ErrorCode.HANDSHAKE_REFUSED,
                    "limit maxHandshakes " + config.limits().maxHandshakes())));
        }
        return engine;
    }

    // ---- Transport ---------------------------------------------------------------------------------------------

    @Override
    public EffectiveTransport effective() {
        return effective;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public TransportConfig config() {
        return config;
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        checkOpen();
        return regions.register(memory);
    }

    @Override
    public MemoryRegion allocate(long bytes) {
        checkOpen();
        return regions.allocate(bytes);
    }

    @Override
    public BufferPool buffers() {
        return pool;
    }

    @Override
    public Listener listen(Endpoint local, ConnectionAcceptor acceptor) {
        checkOpen();
        Listener listener = network.listen(local, wire -> accept(wire, acceptor));
        listeners.add(listener);
        return listener;
    }

    @Override
    public CompletableFuture<Connection> connect(Endpoint remote, ConnectionHandler handler) {
        checkOpen();
        CompletableFuture<Connection> result = new CompletableFuture<>();
        if (connections.incrementAndGet() > config.limits().maxConnections()) {
            connections.decrementAndGet();
            result.completeExceptionally(new TransportException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "limit maxConnections " + config.limits().maxConnections() + " is reached, wanted " + remote));
            return result;
        }
        network.connect(
                remote,
                result,
                wire -> {
                    Engine engine = new Engine(this, wire, true, connection -> handler);
                    engines.add(engine);
                    engine.openedFuture().whenComplete((connection, failure) -> {
                        boolean taken =
                                failure == null ? result.complete(connection) : result.completeExceptionally(failure);
                        if (!taken && failure == null) {
                            engine.abort(abandoned());
                        }
                    });
                    // An attempt given up during the handshake ends at once, not when the peer or its time says so.
                    result.whenComplete((connection, failure) -> {
                        if (failure != null) {
                            engine.afterTurn(() -> engine.abort(abandoned()));
                        }
                    });
                    return engine;
                },
                failure -> {
                    connections.decrementAndGet();
                    metrics.connectFailed(failure.code());
                    result.completeExceptionally(failure);
                });
        return result;
    }

    private static TransportException abandoned() {
        return new TransportException(ErrorCode.CLOSED, "nobody waits for the connection");
    }

    private void checkOpen() {
        synchronized (closed) {
            if (closing) {
                throw new TransportException(ErrorCode.CLOSED, "transport " + effective.name() + " is closed");
            }
        }
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        synchronized (closed) {
            if (closing) {
                return closed.copy();
            }
            closing = true;
        }
        listeners.forEach(Listener::stop);
        List<CompletableFuture<CloseOutcome>> ends =
                engines.stream().map(engine -> engine.close(drain)).toList();
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .orTimeout(drain.plus(FORCE).toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((none, late) -> {
                    boolean graceful =
                            late == null && ends.stream().allMatch(end -> end.join() == CloseOutcome.GRACEFUL);
                    abortRest().thenRun(() -> release(graceful));
                });
        return closed.copy();
    }

    /** Ends what did not end, and what was still connecting. */
    private CompletableFuture<?> abortRest() {
        TransportException cause = new TransportException(ErrorCode.CLOSED, "the transport is closed");
        CompletableFuture<?>[] swept =
                network.loops().stream().map(loop -> abortAll(loop, cause)).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(swept).handle((none, stopped) -> none).thenCompose(none -> network.stop());
    }

    private CompletableFuture<?> abortAll(EventLoop loop, TransportException cause) {
        try {
            return CompletableFuture.runAsync(
                    () -> engines.stream()
                            .filter(engine -> engine.wire().loop() == loop)
                            .forEach(engine -> engine.abort(cause)),
                    loop);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // it has died, and its connections with it
        }
    }

    private void release(boolean graceful) {
        List<MemoryRegion> slabs = pool.slabs();
        List<CompletableFuture<?>> released = new ArrayList<>();
        for (RegisteredRegion region : regions.open()) {
            if (!slabs.contains(region)) {
                LOG.warn(
                        "transport {}: a region of {} bytes was left open; it is closed",
                        effective.name(),
                        region.size());
            }
            released.add(region.release());
        }
        CompletableFuture.allOf(released.toArray(CompletableFuture<?>[]::new)).whenComplete((none, failure) -> {
            metrics.close();
            closed.complete(graceful ? CloseOutcome.GRACEFUL : CloseOutcome.FORCED);
        });
    }

    @Override
    public void close() {
        regions.checkNotOnLoop("close a transport");
        close(config.timeouts().drain()).join();
    }
}
