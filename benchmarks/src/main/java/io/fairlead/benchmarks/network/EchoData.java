package io.fairlead.benchmarks.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * All of one weather, as it is kept in a file: lines that begin with {@code # } for facts, {@code ! } for failures, and else
 * samples.
 */
record EchoData(Weather weather, List<String> facts, List<String> failures, List<EchoSample> samples) {
    private static final String FACT = "# ";
    private static final String FAILURE = "! ";

    private static Path file(Path directory, Weather weather) {
        return directory.resolve("kcp-echo-" + weather.name() + ".data.gz");
    }

    static boolean exists(Path directory, Weather weather) {
        return Files.exists(file(directory, weather));
    }

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (PrintWriter out = new PrintWriter(
                new GZIPOutputStream(Files.newOutputStream(file(directory, weather))), false, StandardCharsets.UTF_8)) {
            facts.forEach(fact -> out.print(FACT + fact + "\n"));
            failures.forEach(failure -> out.print(FAILURE + failure + "\n"));
            samples.forEach(sample -> out.print(sample.raw() + "\n"));
        }
    }

    static EchoData read(Path directory, Weather weather) throws IOException {
        EchoData data = new EchoData(weather, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file(directory, weather))), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(FACT)) {
                    data.facts.add(line.substring(FACT.length()));
                } else if (line.startsWith(FAILURE)) {
                    data.failures.add(line.substring(FAILURE.length()));
                } else {
                    data.samples.add(EchoSample.parse(line));
                }
            }
        }
        return data;
    }

    List<EchoSample> of(String peer) {
        return samples.stream().filter(sample -> sample.peer().equals(peer)).toList();
    }

    /** Those with a sample, in the order of {@link Peers#ALL}. */
    List<String> peers() {
        return Peers.ALL.stream()
                .map(Peer::name)
                .filter(name -> !of(name).isEmpty())
                .toList();
    }
}
