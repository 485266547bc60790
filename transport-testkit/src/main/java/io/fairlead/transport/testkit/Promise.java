package io.fairlead.transport.testkit;

import java.time.Duration;

/**
 * One thing that every provider keeps.
 *
 * @param row its row in the contract's table of tests, 1 to 15
 * @param name reads as the promise
 * @param bound a run that takes longer hangs, which is a failure
 * @param body runs it; fails by any throwable
 */
public record Promise(int row, String name, Duration bound, Body body) {
    /** What is done to see whether it is kept. */
    @FunctionalInterface
    public interface Body {
        void run(ContractEnvironment environment) throws Exception;
    }

    /** With the usual bound of 30 seconds. */
    public static Promise of(int row, String name, Body body) {
        return new Promise(row, name, Duration.ofSeconds(30), body);
    }

    @Override
    public String toString() {
        return row + ": " + name;
    }
}
