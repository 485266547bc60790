package io.fairlead.transport.testkit;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionAcceptor;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one promise runs in. Everything it hands out is closed and checked at the end by {@link #finish}: every operation
 * ended once, no handler was called against the rules, no lease is out, every transport closes in time.
 */
public final class ContractEnvironment {
    /** One started transport with what the kit keeps about it. */
    private record Started(Transport transport, SimpleMeterRegistry meters) {}

    private final TransportFixture fixture;
    private final TransportConfig config;
    private final Dispatch dispatch;
    private final Duration soon;
    private final Random random;
    private final List<Started> started = new CopyOnWriteArrayList<>();
    private final List<CompletionLog> logs = new CopyOnWriteArrayList<>();
    private final List<KitHandler> handlers = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /**
     * @param dispatch where handlers run that do not block
     * @param soon how long the promises wait for what should come at once
     */
    public ContractEnvironment(
            TransportFixture fixture, TransportConfig config, Dispatch dispatch, Duration soon, long seed) {
        this.fixture = fixture;
        this.config = config;
        this.dispatch = dispatch;
        this.soon = soon;
        this.random = new Random(seed);
    }

    public TransportFixture fixture() {
        return fixture;
    }

    public TransportConfig config() {
        return config;
    }

    public Dispatch dispatch() {
        return dispatch;
    }

    public Duration soon() {
        return soon;
    }

    /** From the run's seed. */
    public Random random() {
        return random;
    }

    public Transport start() {
        return start(config);
    }

    public Transport start(TransportConfig changed) {
        return start(changed, TransportContext.plain());
    }

    /** Starts a transport with meters of its own; {@link #reading} reads them. */
    public Transport start(TransportConfig changed, TransportContext context) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Transport transport = fixture.start(changed, context.with(meters).because("the contract kit wants it"));
        started.add(new Started(transport, meters));
        return transport;
    }

    /** The meters of a transport that {@link #start} started. */
    public MeterReading reading(Transport of) {
        for (Started one : started) {
            if (one.transport == of) {
                return new MeterReading(one.meters);
            }
        }
        throw new IllegalArgumentException("not a transport of this environment");
    }

    public KitHandler handler() {
        return handler(dispatch);
    }

    public KitHandler handler(Dispatch where) {
        KitHandler handler = new KitHandler(where);
        handlers.add(handler);
        return handler;
    }

    public CompletionLog log(int operations) {
        CompletionLog log = new CompletionLog(operations);
        logs.add(log);
        return log;
    }

    public Pair pair() {
        return pair(config);
    }

    public Pair pair(TransportConfig changed) {
        return pair(changed, handler(), handler());
    }

    public Pair pair(TransportConfig changed, KitHandler nearHandler, KitHandler farHandler) {
        return join(start(changed), start(changed), nearHandler, farHandler);
    }

    /** Connects two transports: {@code near} to a new listener of {@code far}. */
    public Pair join(Transport near, Transport far, KitHandler nearHandler, KitHandler farHandler) {
        Listener listener = far.listen(fixture.listenAddress(), connection -> farHandler);
        Connection nearSide = connect(near, listener.endpoint(), nearHandler);
        Connection farSide = Await.result("the far side opens", farHandler.opened(), soon);
        return new Pair(near, far, listener, nearSide, farSide, nearHandler, farHandler);
    }

    /** One more connection beside the pair's. */
    public Pair another(Pair beside, KitHandler nearHandler, KitHandler farHandler) {
        return join(beside.nearTransport(), beside.farTransport(), nearHandler, farHandler);
    }

    public Pair another(Pair beside) {
        return another(beside, handler(), handler());
    }

    public Connection connect(Transport from, Endpoint to, ConnectionHandler handler) {
        return Await.result("connecting to " + to, from.connect(to, handler), soon);
    }

    public Listener listen(Transport at, ConnectionAcceptor acceptor) {
        return at.listen(fixture.listenAddress(), acceptor);
    }

    /** Something for handlers to wait at; opened at the end. */
    public Gate gate() {
        return closing(new Gate());
    }

    /** A peer that can be stopped and killed. */
    public PeerProcess peer(TransportConfig changed) {
        return peer(changed, fixture.listenAddress());
    }

    public PeerProcess peer(TransportConfig changed, Endpoint listenAt) {
        return closing(fixture.startPeer(changed, listenAt));
    }

    /** Closes it at the end, last opened first, before the transports. */
    public synchronized <C extends AutoCloseable> C closing(C resource) {
        resources.push(resource);
        return resource;
    }

    public MemoryRegion region(Transport of, long bytes) {
        return of.allocate(bytes);
    }

    /** Memory with random content. */
    public MemoryRegion randomRegion(Transport of, long bytes) {
        MemoryRegion region = region(of, bytes);
        Bytes.fill(region.segment(), random.nextLong());
        return region;
    }

    /**
     * Closes everything and checks what is checked after every promise. Never throws for what is left; returns all that
     * was wrong.
     */
    public List<Throwable> finish() {
        List<Throwable> faults = new ArrayList<>();
        closeResources(faults);
        for (Started one : started) {
            // Operations may still be ending when the promise has seen enough.
            attempt(
                    faults,
                    () -> Await.until(
                            "no pooled buffer is on lease",
                            soon,
                            () -> one.transport.buffers().leasedBytes() == 0));
        }
        for (Started one : started) {
            Duration drain = soon.dividedBy(10);
            attempt(faults, () -> Await.result("the transport's close", one.transport.close(drain), drain.plus(soon)));
        }
        for (CompletionLog log : logs) {
            attempt(faults, () -> log.verify(soon));
        }
        for (KitHandler handler : handlers) {
            Throwable fault = handler.fault();
            if (fault != null) {
                faults.add(new AssertionError("in a handler: " + fault.getMessage(), fault));
            }
        }
        return faults;
    }

    private synchronized void closeResources(List<Throwable> faults) {
        while (!resources.isEmpty()) {
            AutoCloseable resource = resources.pop();
            attempt(faults, resource::close);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void attempt(List<Throwable> faults, Step step) {
        try {
            step.run();
        } catch (Exception | AssertionError e) {
            faults.add(e);
        }
    }
}
