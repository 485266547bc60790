package io.fairlead.benchmarks;

import java.util.List;

/** The workloads of the comparison, in the order of the tables. */
final class Workloads {
    static final List<Workload> ALL = List.of(
            Workload.echo64(Waiting.SLEEP),
            Workload.echo64(Waiting.SPIN),
            Workload.write64(Waiting.SLEEP),
            Workload.write64(Waiting.SPIN),
            Workload.write64k(),
            Workload.write1m(),
            Workload.read64k(),
            Workload.read1m(),
            Workload.conns64());

    private Workloads() {}

    static Workload named(String name) {
        return ALL.stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no workload \"" + name + "\"; there are "
                        + ALL.stream().map(Workload::name).toList()));
    }
}
