package io.fairlead.it.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link LinkConditions} as one word, for the command line of people and of the relay. Exact both ways. */
final class ConditionsText {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([a-z]*)");

    private ConditionsText() {}

    static LinkConditions parse(String text) {
        LinkConditions conditions = LinkConditions.PERFECT;
        if (text.equals("perfect")) {
            return conditions;
        }
        for (String part : text.split(",", -1)) {
            String key = part.contains("=") ? part.substring(0, part.indexOf('=')) : part;
            String value = part.substring(Math.min(part.length(), key.length() + 1));
            try {
                conditions = with(conditions, key, value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + part + "\" holds no number: \"" + value + "\"", e);
            }
        }
        return conditions;
    }

    private static LinkConditions with(LinkConditions c, String key, String value) {
        return switch (key) {
            case "delay" -> c.withDelay(duration(value));
            case "jitter" -> c.withJitter(duration(value));
            case "overtaking-jitter" -> c.withOvertakingJitter(duration(value));
            case "loss" -> c.withLoss(Double.parseDouble(value));
            case "bursts" -> c.withLoss(bursts(value));
            case "duplicate" -> c.withDuplicates(Double.parseDouble(value));
            case "late" -> {
                String[] parts = value.split("/", 2);
                if (parts.length != 2) {
                    throw new IllegalArgumentException("late needs PROBABILITY/TIME, not \"" + value + "\"");
                }
                yield c.withLate(Double.parseDouble(parts[0]), duration(parts[1]));
            }
            case "rate" -> c.withBandwidth(bits(value), c.queueBytes());
            case "queue" -> c.withBandwidth(c.bitsPerSecond(), bytes(value));
            default ->
                throw new IllegalArgumentException("unknown condition \"" + key + "\"; there are delay, jitter, "
                        + "overtaking-jitter, loss, bursts, duplicate, late, rate and queue");
        };
    }

    private static Loss bursts(String value) {
        double[] p = Arrays.stream(value.split("/", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return switch (p.length) {
            case 2 -> Loss.bursts(p[0], p[1]);
            case 4 -> new Loss.GilbertElliott(p[0], p[1], p[2], p[3]);
            default ->
                throw new IllegalArgumentException(
                        "bursts needs MEAN/PACKETS or TO-BAD/TO-GOOD/LOSS-GOOD/LOSS-BAD, " + "not \"" + value + "\"");
        };
    }

    static Duration duration(String value) {
        double nanos = quantity(value, unit -> switch (unit) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> throw new IllegalArgumentException("a time needs ns, us, ms, s or m, not \"" + value + "\"");
        });
        return Duration.ofNanos(Math.round(nanos));
    }

    private static long bits(String value) {
        return Math.round(quantity(value, unit -> switch (unit) {
            case "bit" -> 1;
            case "kbit" -> 1e3;
            case "mbit" -> 1e6;
            case "gbit" -> 1e9;
            default ->
                throw new IllegalArgumentException("a rate needs bit, kbit, mbit or gbit, not \"" + value + "\"");
        }));
    }

    private static int bytes(String value) {
        return Math.toIntExact(Math.round(quantity(value, unit -> switch (unit) {
            case "" -> 1;
            case "k" -> 1024;
            case "m" -> 1024 * 1024;
            default -> throw new IllegalArgumentException("a queue is in bytes, k or m, not \"" + value + "\"");
        })));
    }

    private interface UnitSize {
        double of(String unit);
    }

    private static double quantity(String value, UnitSize size) {
        Matcher matcher = QUANTITY.matcher(value.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new NumberFormatException(value);
        }
        return Double.parseDouble(matcher.group(1)) * size.of(matcher.group(2));
    }

    static String format(LinkConditions c) {
        List<String> parts = new ArrayList<>();
        parts.add("delay=" + nanos(c.delay()));
        parts.add((c.overtaking() ? "overtaking-jitter=" : "jitter=") + nanos(c.jitter()));
        parts.add(
                switch (c.loss()) {
                    case Loss.Random random -> "loss=" + random.probability();
                    case Loss.GilbertElliott g ->
                        "bursts=" + g.toBad() + "/" + g.toGood() + "/" + g.lossWhenGood() + "/" + g.lossWhenBad();
                });
        parts.add("duplicate=" + c.duplicate());
        parts.add("late=" + c.late() + "/" + nanos(c.lateBy()));
        parts.add("rate=" + c.bitsPerSecond() + "bit");
        parts.add("queue=" + c.queueBytes());
        return String.join(",", parts);
    }

    private static String nanos(Duration time) {
        return time.toNanos() + "ns";
    }
}
