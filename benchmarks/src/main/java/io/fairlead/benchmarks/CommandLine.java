package io.fairlead.benchmarks;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Options of the form {@code --name value}, taken one after the other. */
public final class CommandLine {
    private final Deque<String> rest;
    private String option = "";

    public CommandLine(String[] args) {
        rest = new ArrayDeque<>(Arrays.asList(args));
    }

    public boolean hasMore() {
        return !rest.isEmpty();
    }

    /** The next option, to which the values belong that are taken until the one after it. */
    public String option() {
        option = rest.pop();
        return option;
    }

    public UsageException unknown() {
        return new UsageException("unknown option \"" + option + "\"; see --help");
    }

    /**
     * @throws UsageException if the line ends here
     */
    public String value() {
        String value = rest.poll();
        if (value == null) {
            throw new UsageException(option + " needs a value; see --help");
        }
        return value;
    }

    /** A value with commas, parted at them. */
    public List<String> names() {
        return List.of(value().split(",", -1));
    }

    /**
     * @throws UsageException if it is not a whole number of at least 1
     */
    public int positive() {
        return positive(option, value());
    }

    /**
     * @param what the number is of, for the error
     * @throws UsageException if it is not a whole number of at least 1
     */
    public static int positive(String what, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is not positive.
        }
        throw new UsageException(what + " needs a positive whole number, not \"" + text + "\"");
    }
}
