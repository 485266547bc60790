package io.fairlead.it.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How one direction of a {@link BadNetwork} treats its packets. A packet first passes the queue of the bottleneck, then
 * the medium that loses, duplicates and delays; so a lost packet has used its share of the bandwidth.
 *
 * @param delay one way, 0 to 10 s
 * @param jitter the delay of each packet is drawn evenly from {@code delay - jitter} to {@code delay + jitter}
 * @param overtaking whether jitter may change the order; without, a packet waits for the ones before it
 * @param loss which packets get lost
 * @param duplicate probability that a packet arrives twice
 * @param late probability that a packet is held back by {@code lateBy}, so that later ones overtake it
 * @param lateBy how long a late packet is held back
 * @param bitsPerSecond of the bottleneck, counting IP packets; {@link #UNLIMITED} for none
 * @param queueBytes room before the bottleneck; a packet that finds less is dropped unless the queue is empty
 */
public record LinkConditions(
        Duration delay,
        Duration jitter,
        boolean overtaking,
        Loss loss,
        double duplicate,
        double late,
        Duration lateBy,
        long bitsPerSecond,
        int queueBytes) {
    private static final Duration MAX_DELAY = Duration.ofSeconds(10);
    private static final long MIN_BITS_PER_SECOND = 8_000;

    /** No bottleneck. */
    public static final long UNLIMITED = 0;

    /** A wire that does nothing to a packet but carry it. */
    public static final LinkConditions PERFECT = new LinkConditions(
            Duration.ZERO, Duration.ZERO, false, Loss.NONE, 0, 0, Duration.ZERO, UNLIMITED, 256 * 1024);

    public LinkConditions {
        List<String> faults = new ArrayList<>();
        checkTime(faults, "delay", delay);
        checkTime(faults, "jitter", jitter);
        checkTime(faults, "lateBy", lateBy);
        if (jitter.compareTo(delay) > 0) {
            faults.add("jitter must be at most the delay " + delay + ", not " + jitter);
        }
        checkProbability(faults, "duplicate", duplicate);
        checkProbability(faults, "late", late);
        if (late > 0 && lateBy.isZero()) {
            faults.add("lateBy must be more than 0 if packets are late");
        }
        if (bitsPerSecond != UNLIMITED && bitsPerSecond < MIN_BITS_PER_SECOND) {
            faults.add("bitsPerSecond must be 0 (unlimited) or at least " + MIN_BITS_PER_SECOND + ", not "
                    + bitsPerSecond);
        }
        if (queueBytes < 1) {
            faults.add("queueBytes must be at least 1, not " + queueBytes);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("link conditions: " + String.join("; ", faults));
        }
    }

    public LinkConditions withDelay(Duration oneWay) {
        return new LinkConditions(oneWay, jitter, overtaking, loss, duplicate, late, lateBy, bitsPerSecond, queueBytes);
    }

    /** Jitter that keeps the order; at most the delay, which is therefore set first. */
    public LinkConditions withJitter(Duration most) {
        return new LinkConditions(delay, most, false, loss, duplicate, late, lateBy, bitsPerSecond, queueBytes);
    }

    /** Jitter that lets packets overtake each other; at most the delay, which is therefore set first. */
    public LinkConditions withOvertakingJitter(Duration most) {
        return new LinkConditions(delay, most, true, loss, duplicate, late, lateBy, bitsPerSecond, queueBytes);
    }

    public LinkConditions withLoss(Loss model) {
        return new LinkConditions(delay, jitter, overtaking, model, duplicate, late, lateBy, bitsPerSecond, queueBytes);
    }

    /** Loses each packet with this probability. */
    public LinkConditions withLoss(double probability) {
        return withLoss(Loss.random(probability));
    }

    public LinkConditions withDuplicates(double probability) {
        return new LinkConditions(
                delay, jitter, overtaking, loss, probability, late, lateBy, bitsPerSecond, queueBytes);
    }

    /** Holds packets back with this probability and by this time. */
    public LinkConditions withLate(double probability, Duration by) {
        return new LinkConditions(
                delay, jitter, overtaking, loss, duplicate, probability, by, bitsPerSecond, queueBytes);
    }

    public LinkConditions withBandwidth(long bits, int queue) {
        return new LinkConditions(delay, jitter, overtaking, loss, duplicate, late, lateBy, bits, queue);
    }

    /**
     * Reads what {@link #text} writes, and what people type, such as
     * {@code delay=20ms,jitter=5ms,loss=0.05,rate=10mbit,queue=64k}; see {@code docs/network-emulator.md}.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    public static LinkConditions parse(String text) {
        return ConditionsText.parse(text);
    }

    /** The conditions as one word that {@link #parse} reads. */
    public String text() {
        return ConditionsText.format(this);
    }

    private static void checkProbability(List<String> faults, String name, double value) {
        if (!Chance.isProbability(value)) {
            faults.add(Chance.notProbability(name, value));
        }
    }

    private static void checkTime(List<String> faults, String name, Duration value) {
        if (value.isNegative() || value.compareTo(MAX_DELAY) > 0) {
            faults.add(name + " must be 0 to " + MAX_DELAY + ", not " + value);
        }
    }
}
