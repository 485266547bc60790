package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.MachineFacts;
import io.fairlead.benchmarks.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The entry of {@code compare-rdma} on the machine with the RDMA device: all competitors, one at a time, in rounds. */
public final class CompareRdma {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private final RdmaOptions options;
    private final RdmaReport report;
    private boolean failed;

    private CompareRdma(RdmaOptions options, RdmaReport report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            RdmaOptions options = RdmaOptions.parse(args);
            String facts = "command: benchmarks/compare-rdma " + String.join(" ", args) + "\n" + MachineFacts.print()
                    + "where: " + where(options) + "\n";
            boolean succeeded = new CompareRdma(options, new RdmaReport(options.exercises, facts)).run();
            System.exit(succeeded ? 0 : EXIT_FAILED);
        } catch (UsageException e) {
            System.err.println("compare-rdma: " + e.getMessage());
            System.exit(EXIT_USAGE);
        }
    }

    private boolean run() throws IOException, InterruptedException {
        List<Competitor> order = new ArrayList<>();
        for (String name : options.competitors) {
            Competitor competitor = named(name);
            Optional<String> obstacle = competitor.obstacle();
            if (obstacle.isPresent()) {
                fail(name + ": " + obstacle.get());
            } else {
                order.add(competitor);
                report.add(competitor);
            }
        }
        System.err.println(LatencySample.COLUMNS);
        for (int round = 1; round <= options.rounds; round++) {
            for (Exercise.Kind kind : Exercise.Kind.values()) {
                List<Exercise> ofKind = options.exercises.stream()
                        .filter(exercise -> exercise.kind() == kind)
                        .toList();
                new Turns(round, this::found, this::fail).run(order, ofKind, options.turns);
            }
            Collections.rotate(order, -1);
            // Whatever ends this run, what it has found so far stays.
            write();
        }
        countCalls(order);
        write();
        System.out.print(report.tables());
        System.out.println("written to " + options.out);
        return !failed;
    }

    private void found(LatencySample sample) {
        report.add(sample);
        System.err.println(sample.print());
    }

    /** Of ours over RDMA, once: that does not vary. */
    private void countCalls(List<Competitor> competitors) throws InterruptedException {
        for (Competitor competitor : competitors) {
            if (competitor instanceof FairleadPair pair && pair.name().equals(RdmaRequirement.OURS)) {
                try {
                    pair.count(options.exercises, report::add);
                } catch (IOException e) {
                    fail("counting native calls: " + e.getMessage());
                }
            }
        }
    }

    private void fail(String what) {
        failed = true;
        String line = what.replace('\n', ' ');
        report.fail(line);
        System.err.println("FAILED " + line);
    }

    private void write() throws IOException {
        Files.createDirectories(options.out.toAbsolutePath().getParent());
        Files.writeString(options.out, report.print());
    }

    private Competitor named(String name) {
        return switch (name) {
            case "fairlead-rdma" -> new FairleadPair("rdma", options);
            case "fairlead-tcp" -> new FairleadPair("tcp", options);
            case "fairlead-kcp" -> new FairleadPair("kcp", options);
            case "perftest" -> new Perftest(options);
            case "sockperf-tcp" -> new Sockperf(options);
            default ->
                throw new UsageException("no competitor \"" + name
                        + "\", known: fairlead-rdma, fairlead-tcp, fairlead-kcp, perftest, sockperf-tcp");
        };
    }

    private static String where(RdmaOptions options) {
        return options.device.isEmpty()
                ? "a machine without an RDMA device, at " + options.address
                : (options.guest ? "a guest of QEMU with Soft-RoCE, device " : "a machine with the RDMA device ")
                        + options.device + ", at " + options.address;
    }
}
