package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The competitors of a round at one kind of exercise. All warm up before any is measured, and then they are by turns, so that what is
 * compared lies seconds apart. A shared machine does not keep its speed for minutes. Processes of one kind only: what a compiler made of it
 * would be undone by the next.
 */
final class Turns {
    private final List<Entrant> entrants = new ArrayList<>();
    private final int round;
    private final Consumer<LatencySample> samples;
    private final Consumer<String> failures;

    private record Entrant(Competitor competitor, Competitor.Session session) {}

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private interface Measure {
        void of(Competitor.Session session) throws IOException, InterruptedException;
    }

    /**
     * @param samples is told each result at once
     * @param failures is told why somebody drops out
     */
    Turns(int round, Consumer<LatencySample> samples, Consumer<String> failures) {
        this.round = round;
        this.samples = samples;
        this.failures = failures;
    }

    /** Blocks until all is measured and all processes have ended. */
    void run(List<Competitor> order, List<Exercise> exercises, int turns) throws InterruptedException {
        try {
            for (Competitor competitor : order) {
                if (exercises.stream().anyMatch(competitor::enters)) {
                    attempt(competitor, () -> entrants.add(new Entrant(competitor, competitor.begin())));
                }
            }
            for (Exercise exercise : exercises) {
                each(exercise, session -> session.warmUp(exercise));
                for (int turn = 0; turn < turns; turn++) {
                    each(exercise, session -> samples.accept(session.measure(exercise, round)));
                }
            }
        } finally {
            for (Entrant entrant : entrants) {
                attempt(entrant.competitor, entrant.session::close);
            }
        }
    }

    /** Whoever fails drops out. */
    private void each(Exercise exercise, Measure measure) throws InterruptedException {
        for (Entrant entrant : List.copyOf(entrants)) {
            if (entrant.competitor.enters(exercise)
                    && !attempt(entrant.competitor, () -> measure.of(entrant.session))) {
                entrants.remove(entrant);
                attempt(entrant.competitor, entrant.session::close);
            }
        }
    }

    private boolean attempt(Competitor competitor, Step step) throws InterruptedException {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            failures.accept(competitor.name() + ", round " + round + ": " + e.getMessage());
            return false;
        }
    }
}
