package io.fairlead.transport.testkit.mutants;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.fault.ForwardingHandler;
import io.fairlead.transport.testkit.fault.ForwardingRegion;
import io.fairlead.transport.testkit.fault.ForwardingTransport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Faults in regions, handlers, clocks, meters and the end of a transport. */
final class TargetMutants {
    private static final int EVERY = 50;

    private TargetMutants() {}

    static List<Mutant> all() {
        return List.of(
                regions("acceptsARevokedToken", List.of(5, 6), KeepsGrants::new),
                regions("aRevocationCompletesTooEarly", List.of(6), RevokesLate::new),
                regions("leaksARegion", List.of(15), NeverReleased::new),
                new Mutant(
                        "acceptsAnExpiredDescriptor",
                        List.of(5),
                        () -> MutantFixture.lent(context ->
                                context.with(InstantSource.fixed(context.clock().instant())))),
                new Mutant(
                        "keepAliveNeverNoticesASilentPeer",
                        List.of(7),
                        () -> MutantFixture.configured(config -> config.with(
                                config.timeouts().withKeepAlive(Duration.ofHours(1), Duration.ofHours(2))))),
                handlers("oneSidedOperationsStandBehindASlowHandler", List.of(14), BlocksTheLoop::new),
                handlers("losesAMessage", List.of(3), LosesMessages::new),
                handlers("runsHandlersSideBySide", List.of(3), SideBySide::new),
                meters("countsBytesTheWrongWay", TargetMutants::otherDirection),
                meters("countsFailuresAsSuccess", id -> replaced(id, "outcome", outcome -> "ok")),
                new Mutant("leavesAThreadBehind", List.of(11), () -> MutantFixture.decorated(LeavesThread::new)),
                new Mutant("forgetsALease", List.of(11), () -> MutantFixture.decorated(ForgetsLease::new)));
    }

    // ---- regions -----------------------------------------------------------------------------------------------

    private static Mutant regions(String name, List<Integer> rows, UnaryOperator<MemoryRegion> decoration) {
        return new Mutant(
                name,
                rows,
                () -> MutantFixture.decorated(inner -> new ForwardingTransport(inner) {
                    @Override
                    protected MemoryRegion decorate(MemoryRegion region) {
                        return decoration.apply(region);
                    }
                }));
    }

    private static CompletableFuture<@Nullable Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    private static final class KeepsGrants extends ForwardingRegion {
        KeepsGrants(MemoryRegion inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<@Nullable Void> revoke() {
            return done();
        }

        @Override
        public Grant grant(long offset, long length, Rights rights, @Nullable Duration validFor) {
            return new Kept(super.grant(offset, length, rights, validFor));
        }

        private record Kept(Grant inner) implements Grant {
            @Override
            public RegionDescriptor descriptor() {
                return inner.descriptor();
            }

            @Override
            public CompletableFuture<@Nullable Void> revoke() {
                return done();
            }
        }
    }

    private static final class RevokesLate extends ForwardingRegion {
        RevokesLate(MemoryRegion inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<@Nullable Void> revoke() {
            later(() -> {
                var _ = inner().revoke();
            });
            return done();
        }

        @Override
        public Grant grant(long offset, long length, Rights rights, @Nullable Duration validFor) {
            Grant grant = super.grant(offset, length, rights, validFor);
            return new Grant() {
                @Override
                public RegionDescriptor descriptor() {
                    return grant.descriptor();
                }

                @Override
                public CompletableFuture<@Nullable Void> revoke() {
                    later(() -> {
                        var _ = grant.revoke();
                    });
                    return done();
                }
            };
        }

        private static void later(Runnable task) {
            CompletableFuture.delayedExecutor(60, TimeUnit.MILLISECONDS).execute(task);
        }
    }

    private static final class NeverReleased extends ForwardingRegion {
        NeverReleased(MemoryRegion inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<@Nullable Void> release() {
            return inner().revoke();
        }

        @Override
        public void close() {}
    }

    // ---- handlers ----------------------------------------------------------------------------------------------

    private static Mutant handlers(
            String name,
            List<Integer> rows,
            BiFunction<ForwardingTransport, ConnectionHandler, ConnectionHandler> decoration) {
        return new Mutant(
                name,
                rows,
                () -> MutantFixture.decorated(inner -> new ForwardingTransport(inner) {
                    @Override
                    protected ConnectionHandler decorate(ConnectionHandler handler) {
                        return decoration.apply(this, handler);
                    }
                }));
    }

    private static final class BlocksTheLoop extends ForwardingHandler {
        BlocksTheLoop(ForwardingTransport transport, ConnectionHandler inner) {
            super(transport, inner);
        }

        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }
    }

    private static final class LosesMessages extends ForwardingHandler {
        private final AtomicInteger count = new AtomicInteger();

        LosesMessages(ForwardingTransport transport, ConnectionHandler inner) {
            super(transport, inner);
        }

        @Override
        public void message(Connection connection, Message message) {
            if (count.incrementAndGet() % EVERY != 0) {
                super.message(connection, message);
            }
        }
    }

    private static final class SideBySide extends ForwardingHandler {
        SideBySide(ForwardingTransport transport, ConnectionHandler inner) {
            super(transport, inner);
        }

        @Override
        public void notified(Connection connection, int tag) {
            Thread.ofVirtual().start(() -> super.notified(connection, tag));
        }
    }

    // ---- meters ------------------------------------------------------------------------------------------------

    private static Mutant meters(String name, UnaryOperator<Meter.Id> change) {
        MeterFilter lying = new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return change.apply(id);
            }
        };
        return new Mutant(name, List.of(15), () -> MutantFixture.lent(context -> lent(context, lying)));
    }

    private static TransportContext lent(TransportContext context, MeterFilter filter) {
        Objects.requireNonNull(context.meters()).config().meterFilter(filter);
        return context;
    }

    private static Meter.Id otherDirection(Meter.Id id) {
        return replaced(id, "direction", direction -> direction.equals("in") ? "out" : "in");
    }

    private static Meter.Id replaced(Meter.Id id, String tag, Function<String, String> change) {
        return id.replaceTags(id.getTags().stream()
                .map(one -> one.getKey().equals(tag) ? Tag.of(tag, change.apply(one.getValue())) : one)
                .toList());
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    private static final class LeavesThread extends ForwardingTransport {
        private final CountDownLatch never = new CountDownLatch(1);

        LeavesThread(Transport inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<CloseOutcome> close(Duration drain) {
            Thread.ofPlatform().daemon().name("fairlead-forgotten").start(() -> {
                try {
                    never.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return super.close(drain);
        }
    }

    private static final class ForgetsLease extends ForwardingTransport {
        ForgetsLease(Transport inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<Connection> connect(Endpoint remote, ConnectionHandler handler) {
            buffers().tryLease(1000);
            return super.connect(remote, handler);
        }
    }
}
