package io.fairlead.benchmarks.network;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs one weather: a round for each seed, in which all contestants meet the same weather at the same time. */
final class LossRounds {
    private static final int WARM_UP = 100;

    /** For what starting processes leaves to do, such as compiling. */
    private static final long CALM_MS = 1500;

    private final Weather weather;
    private final LossOptions options;
    private final PrintStream progress;
    private final List<EchoSample> samples = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    LossRounds(Weather weather, LossOptions options, PrintStream progress) {
        this.weather = weather;
        this.options = options;
        this.progress = progress;
    }

    List<EchoSample> samples() {
        return samples;
    }

    /** What failed, as {@code PEER SEED REASON}. */
    List<String> failures() {
        return failures;
    }

    void run(List<Peer> peers) throws InterruptedException {
        List<Peer> order = new ArrayList<>(peers);
        for (long seed : options.seeds) {
            for (int from = 0; from < order.size(); from += options.atOnce) {
                together(order.subList(from, Math.min(order.size(), from + options.atOnce)), seed);
            }
            Collections.rotate(order, -1);
        }
    }

    private void together(List<Peer> peers, long seed) throws InterruptedException {
        int messages = (int) (options.seconds * 1_000_000_000L / OpenLoopEcho.INTERVAL_NS);
        Map<Peer, EchoTrial> trials = new LinkedHashMap<>();
        // Two at once, as starting takes the processors.
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Map<Peer, Future<EchoTrial>> opening = new LinkedHashMap<>();
            for (Peer peer : peers) {
                opening.put(peer, pool.submit(() -> new EchoTrial(peer, weather, seed, WARM_UP, messages)));
            }
            for (Map.Entry<Peer, Future<EchoTrial>> entry : opening.entrySet()) {
                try {
                    trials.put(entry.getKey(), entry.getValue().get());
                } catch (ExecutionException e) {
                    failed(entry.getKey(), seed, Objects.requireNonNullElse(e.getCause(), e));
                }
            }
        }
        Thread.sleep(CALM_MS);
        for (Map.Entry<Peer, EchoTrial> entry : trials.entrySet()) {
            try {
                entry.getValue().prefer();
                entry.getValue().go();
            } catch (IOException e) {
                failed(entry.getKey(), seed, e);
            }
        }
        for (Map.Entry<Peer, EchoTrial> entry : trials.entrySet()) {
            try {
                EchoSample sample = entry.getValue().result();
                samples.add(sample);
                progress.println(sample.print());
            } catch (IOException e) {
                failed(entry.getKey(), seed, e);
            }
        }
        trials.forEach((peer, trial) -> {
            try {
                trial.close();
            } catch (IOException e) {
                failed(peer, seed, e);
            }
        });
    }

    private void failed(Peer peer, long seed, Throwable reason) {
        String text = peer.name() + " " + seed + " "
                + String.valueOf(reason.getMessage()).replace('\n', ' ');
        failures.add(text);
        progress.println(weather.name() + " FAILED " + text);
    }
}
