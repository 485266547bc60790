package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.LeakCheck;
import io.fairlead.transport.testkit.Promise;
import io.fairlead.transport.testkit.TransportFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One run of a promise on a thread of its own, with the checks after it. */
final class PromiseRun {
    /** What a promise may open beyond its transports' own work when it hangs: time for the checks themselves. */
    private static final int HANG_FACTOR = 3;

    private final Promise promise;
    private final ContractEnvironment environment;
    private final Duration soon;
    private final Duration bound;
    private final long seed;

    PromiseRun(
            Promise promise,
            TransportFixture fixture,
            TransportConfig config,
            Dispatch dispatch,
            Duration soon,
            long seed) {
        this.promise = promise;
        this.environment = new ContractEnvironment(fixture, config, dispatch, soon, seed);
        this.soon = soon;
        this.seed = seed;
        Duration patience = soon.multipliedBy(HANG_FACTOR);
        // Who waits longer than usual for everything is on a slow machine: its children start as slowly.
        this.bound = soon.compareTo(ContractKit.SOON) > 0
                ? promise.bound().multipliedBy(soon.toMillis()).dividedBy(ContractKit.SOON.toMillis())
                : promise.bound().compareTo(patience) < 0 || soon.equals(ContractKit.SOON) ? promise.bound() : patience;
    }

    Optional<AssertionError> failure() {
        LeakCheck leaks = LeakCheck.start();
        List<Throwable> faults = new ArrayList<>();
        onItsOwnThread("promise", bound, () -> promise.body().run(environment), faults);
        onItsOwnThread("checks", soon.multipliedBy(HANG_FACTOR), () -> faults.addAll(environment.finish()), faults);
        if (faults.isEmpty()) {
            // After a failure something is bound to be left over, which would only hide the cause.
            onItsOwnThread("leak check", soon.multipliedBy(HANG_FACTOR), () -> leaks.verify(soon), faults);
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of(asOne(faults));
    }

    private interface Step {
        void run() throws Exception;
    }

    private void onItsOwnThread(String name, Duration within, Step step, List<Throwable> faults) {
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("kit-" + name + "-" + promise.name())
                .start(() -> {
                    try {
                        step.run();
                    } catch (Throwable t) { // whatever it is, it is told
                        fault.set(t);
                    }
                });
        try {
            if (!thread.join(within)) {
                faults.add(new AssertionError("the " + name + " hangs: not done within " + within + "\n" + threads()));
                thread.interrupt();
                thread.join(soon);
                return;
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            faults.add(new AssertionError("interrupted", e));
            return;
        }
        Throwable thrown = fault.get();
        if (thrown != null) {
            faults.add(thrown);
        }
    }

    private AssertionError asOne(List<Throwable> faults) {
        Throwable first = faults.getFirst();
        AssertionError failure = new AssertionError(
                promise + " is not kept (-Dfairlead.kit.seed=" + seed + "): " + first.getMessage(), first);
        faults.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }

    private static String threads() {
        StringBuilder dump = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            dump.append(entry.getKey()).append('\n');
            for (StackTraceElement frame : entry.getValue()) {
                dump.append("    at ").append(frame).append('\n');
            }
        }
        return dump.toString();
    }
}
