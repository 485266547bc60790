package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Two JVMs with one of our providers and a connection between them, led by commands to {@code PeerProcess}. */
record FairleadSession(String name, ChildProcess server, ChildProcess client, RdmaOptions options)
        implements Competitor.Session {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration STEP_BOUND = Duration.ofSeconds(45);

    /** One block of operations: what waited is warm again after it. */
    private static final Duration BLOCK = Duration.ofMillis(1);

    /**
     * Before HotSpot compiles a method, the thread that asked for it makes the string constants of its class: once, some kilobytes. A target
     * of one-sided operations, which does little, gets so far long after the warm-up. So allocation is counted again, up to so many times.
     */
    private static final int RECOUNTS = 2;

    private static final double NS_PER_SECOND = 1e9;
    private static final double MIB = 1 << 20;

    /** Connects the two. */
    void meet() throws IOException, InterruptedException {
        String endpoint = server.await("ready", START_BOUND);
        client.await("ready", START_BOUND);
        ask(client, "connect " + endpoint);
        ask(server, "meet " + ask(client, "grant"));
        ask(client, "meet " + ask(server, "grant"));
    }

    @Override
    public void warmUp(Exercise exercise) throws IOException, InterruptedException {
        // Shortly first: a compiler that has not seen how an exercise ends would have to start again after it.
        prepare(exercise, BLOCK);
        finish();
        prepare(exercise, options.warmUp);
        finish();
    }

    @Override
    public LatencySample measure(Exercise exercise, int round) throws IOException, InterruptedException {
        prepare(exercise, BLOCK);
        String[] measured = timed(exercise).split(" ", -1);
        Allocated allocated = allocated();
        for (int again = 0; allocated.bytes() > 0 && again < RECOUNTS; again++) {
            mark();
            timed(exercise);
            allocated = allocated.orLess(allocated());
        }
        finish();
        double perExchange = exercise.isPingPong() ? 2e3 : 1e3;
        boolean bandwidth = exercise.kind() == Exercise.Kind.BANDWIDTH;
        double figure = bandwidth
                ? exercise.bytes() / MIB * NS_PER_SECOND / Double.parseDouble(measured[2])
                : Double.parseDouble(measured[0]) / perExchange;
        double p99 = bandwidth ? Double.NaN : Double.parseDouble(measured[1]) / perExchange;
        double perOperation = allocated.bytes() / (double) exercise.operations(options.operations);
        String notes =
                String.format(Locale.ROOT, "mean=%.2f %s", Double.parseDouble(measured[2]) / 1e3, allocated.byThread());
        return new LatencySample(name, exercise, round, figure, p99, perOperation, notes);
    }

    /** Counts native calls; the processes must have meters. */
    NativeCalls count(Exercise exercise) throws IOException, InterruptedException {
        prepare(exercise, BLOCK);
        timed(exercise);
        NativeCalls calls = NativeCalls.of(
                exercise, exercise.operations(options.operations), ask(client, "calls"), ask(server, "calls"));
        finish();
        return calls;
    }

    private void prepare(Exercise exercise, Duration warmUp) throws IOException, InterruptedException {
        String prepare = "prepare " + exercise.kind() + " " + exercise.bytes();
        ask(client, prepare);
        ask(server, prepare);
        int block = Math.max(2 * options.window, exercise.operations(options.operations) / 4);
        client.tell("warm-up " + block + " " + warmUp.toMillis());
        client.await("warm-up", STEP_BOUND.plus(warmUp));
        mark();
    }

    private void mark() throws IOException, InterruptedException {
        ask(server, "mark");
        ask(client, "mark");
    }

    private String timed(Exercise exercise) throws IOException, InterruptedException {
        return ask(client, "measure " + exercise.operations(options.operations));
    }

    private Allocated allocated() throws IOException, InterruptedException {
        return Allocated.of(ask(client, "allocated"), ask(server, "allocated"));
    }

    private void finish() throws IOException, InterruptedException {
        ask(client, "finish");
        ask(server, "finish");
    }

    /** The rest of the answer's line, which repeats the command. */
    private static String ask(ChildProcess child, String command) throws IOException, InterruptedException {
        child.tell(command);
        return child.await(command.split(" ", 2)[0], STEP_BOUND);
    }

    @Override
    public void close() throws IOException {
        try (server) {
            client.close();
        }
    }
}
