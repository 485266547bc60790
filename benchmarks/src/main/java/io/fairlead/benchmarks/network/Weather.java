package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.UsageException;
import io.fairlead.it.network.LinkConditions;
import io.fairlead.it.network.Loss;
import java.time.Duration;
import java.util.List;

/**
 * What the network does, the same both ways; 20 ms each way.
 *
 * @param name as on the command line and in file names
 * @param title as in tables
 */
record Weather(String name, String title, LinkConditions conditions) {
    private static final LinkConditions CLEAR = LinkConditions.PERFECT.withDelay(Duration.ofMillis(20));

    static final List<Weather> ALL = List.of(
            new Weather("0", "no loss", CLEAR),
            new Weather("1", "1 % loss", CLEAR.withLoss(0.01)),
            new Weather("5", "5 % loss", CLEAR.withLoss(0.05)),
            new Weather("10", "10 % loss", CLEAR.withLoss(0.10)),
            new Weather(
                    "bursts", "bursts: 4 % loss, 3 packets a burst on average", CLEAR.withLoss(Loss.bursts(0.04, 3))),
            new Weather(
                    "5-jitter",
                    "5 % loss, jitter of 5 ms that may change the order",
                    CLEAR.withOvertakingJitter(Duration.ofMillis(5)).withLoss(0.05)));

    static Weather named(String name) {
        return ALL.stream()
                .filter(weather -> weather.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no weather \"" + name + "\", known: "
                        + String.join(", ", ALL.stream().map(Weather::name).toList())));
    }
}
