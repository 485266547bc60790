package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Promise;
import io.fairlead.transport.testkit.TransportFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a provider keeps the contract:
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicNode> keepsTheContract() {
 *     return ContractKit.of(new TcpFixture()).tests();
 * }
 * }</pre>
 *
 * <p>Immutable; each {@code with…} gives a variant, to be run as well. Promises are run one at a time, since each counts the
 * process's threads and files. Random data comes from a seed which a failure prints; {@code -Dfairlead.kit.seed} sets it.
 */
public final class ContractKit {
    private static final Logger LOG = LoggerFactory.getLogger(ContractKit.class);

    static final Duration SOON = Duration.ofSeconds(10);

    private final TransportFixture fixture;
    private final TransportConfig config;
    private final Dispatch dispatch;
    private final Duration soon;
    private final List<Promise> promises;

    private ContractKit(
            TransportFixture fixture,
            TransportConfig config,
            Dispatch dispatch,
            Duration soon,
            List<Promise> promises) {
        this.fixture = fixture;
        this.config = config;
        this.dispatch = dispatch;
        this.soon = soon;
        this.promises = promises;
    }

    /** All promises, with the default configuration and handlers on the executor. */
    public static ContractKit of(TransportFixture fixture) {
        return new ContractKit(fixture, TransportConfig.DEFAULT, Dispatch.EXECUTOR, SOON, all(fixture));
    }

    private static List<Promise> all(TransportFixture fixture) {
        List<Promise> all = new ArrayList<>();
        all.addAll(WriteThenMessage.promises());
        all.addAll(CompletedMeansPlaced.promises());
        all.addAll(Order.promises());
        all.addAll(OtherProcess.promises());
        all.addAll(Bounds.promises());
        all.addAll(BadDescriptor.promises());
        all.addAll(RevokeUnderFire.promises());
        all.addAll(ArenaClosedTooEarly.promises());
        all.addAll(PeerKilled.promises());
        all.addAll(DeadlineAndCancel.promises());
        all.addAll(RefusedRequests.promises());
        all.addAll(BackPressure.promises());
        all.addAll(Datagrams.promises());
        all.addAll(BothWaysFull.promises());
        all.addAll(CloseMatrix.promises());
        all.addAll(CloseFromCallbacks.promises());
        all.addAll(HandshakeNegatives.promises());
        all.addAll(Restart.promises());
        all.addAll(IdleTarget.promises());
        all.addAll(MetricsTruth.promises());
        if (fixture.raw().isPresent()) {
            all.addAll(RawPromises.promises());
        } else {
            LOG.warn("{} has no raw peers: what strangers may send (rows 5 and 12) is not tried", fixture.name());
        }
        all.sort(Comparator.comparingInt(Promise::row));
        return List.copyOf(all);
    }

    /** The same with another base configuration; promises that need limits of their own change only those. */
    public ContractKit with(TransportConfig changed) {
        return new ContractKit(fixture, changed, dispatch, soon, promises);
    }

    /** The same with handlers that do not block run there. */
    public ContractKit with(Dispatch changed) {
        return new ContractKit(fixture, config, changed, soon, promises);
    }

    /** The same with another patience: how long to wait for what should come at once, and a third of how long until a hang. */
    public ContractKit patience(Duration changed) {
        return new ContractKit(fixture, config, dispatch, changed, promises);
    }

    /** Some rows of the contract's table only. */
    public ContractKit rows(Integer... rows) {
        List<Integer> wanted = List.of(rows);
        return new ContractKit(
                fixture,
                config,
                dispatch,
                soon,
                promises.stream()
                        .filter(promise -> wanted.contains(promise.row()))
                        .toList());
    }

    /** Some promises only, by name. */
    public ContractKit promises(String... names) {
        Set<String> wanted = new LinkedHashSet<>(List.of(names));
        List<Promise> named = promises.stream()
                .filter(promise -> wanted.remove(promise.name()))
                .toList();
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException("no promise is called " + String.join(", ", wanted));
        }
        return new ContractKit(fixture, config, dispatch, soon, named);
    }

    public List<Promise> promises() {
        return promises;
    }

    /** One test for each promise, grouped by row. */
    public Stream<DynamicNode> tests() {
        return promises.stream().map(Promise::row).distinct().map(row -> {
            List<DynamicTest> tests = promises.stream()
                    .filter(promise -> promise.row() == row)
                    .map(promise -> DynamicTest.dynamicTest(promise.name(), () -> {
                        Optional<AssertionError> failure = failure(promise);
                        if (failure.isPresent()) {
                            throw failure.get();
                        }
                    }))
                    .toList();
            return DynamicContainer.dynamicContainer(fixture.name() + " row " + row, tests.stream());
        });
    }

    /** Runs all promises; for each that is not kept, why. For use without a test launcher. */
    public List<AssertionError> failures() {
        List<AssertionError> failures = new ArrayList<>();
        for (Promise promise : promises) {
            failure(promise).ifPresent(failures::add);
        }
        return failures;
    }

    /** Runs one promise. @return why it is not kept, or nothing */
    public Optional<AssertionError> failure(Promise promise) {
        long seed =
                Long.getLong("fairlead.kit.seed", ThreadLocalRandom.current().nextLong());
        return new PromiseRun(promise, fixture, config, dispatch, soon, seed).failure();
    }
}
