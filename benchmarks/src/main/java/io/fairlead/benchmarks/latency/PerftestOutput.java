package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.util.List;

/**
 * What a client of perftest prints: a heading that begins with {@code #bytes}, and under it one line of numbers.
 *
 * @param figure the median latency in microseconds, or the average bandwidth in MiB per second (which it calls MB)
 * @param p99 in microseconds; not a number for bandwidth
 * @param calibrated whether it could tell the frequency of the counter that it takes times from
 */
record PerftestOutput(double figure, double p99, boolean calibrated) {
    private static final String HEADING = "#bytes";
    private static final int TYPICAL = 4;
    private static final int P99 = 7;
    private static final int AVERAGE_BANDWIDTH = 3;

    static PerftestOutput parse(String text) throws IOException {
        List<String> lines = text.lines().map(String::strip).toList();
        boolean calibrated = !text.contains("Correlation coefficient") && !text.contains("timestamp frequency");
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).startsWith(HEADING)) {
                String[] numbers = lines.get(i + 1).split("\\s+", -1);
                boolean latency = lines.get(i).contains("t_typical[usec]");
                if (!latency && !lines.get(i).contains("BW average[MB/sec]")) {
                    throw new IOException("perftest has other columns: " + lines.get(i));
                }
                try {
                    return latency
                            ? new PerftestOutput(
                                    Double.parseDouble(numbers[TYPICAL]), Double.parseDouble(numbers[P99]), calibrated)
                            : new PerftestOutput(
                                    Double.parseDouble(numbers[AVERAGE_BANDWIDTH]), Double.NaN, calibrated);
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException("perftest printed no numbers: " + lines.get(i + 1), e);
                }
            }
        }
        throw new IOException("perftest printed no result: " + text.strip());
    }
}
