package io.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Workload WORKLOAD = Workload.write64k();

    @Test
    void medianAndSpread() {
        assertThat(Summary.of(5, 1, 9)).isEqualTo(new Summary(5, 1, 9));
        assertThat(Summary.of(4, 1, 2, 9)).isEqualTo(new Summary(3, 1, 9));
    }

    @Test
    void ratiosAreOfMediansToTheBaseline() {
        Table table = new Table(WORKLOAD, "base");
        table.add("base", List.of(sample("base", 16384), sample("base", 32768), sample("base", 49152)));
        table.add("twice", List.of(sample("twice", 65536)));
        table.addAbsent("nobody", "not run: no library\nsecond line");

        assertThat(table.print())
                .contains("| base (3) | 2.00 (1.00..3.00) | 1.00 | 1.000 (0.667..2.000) | 1.00 |")
                .contains("| twice (1) | 4.00 (4.00..4.00) | 2.00 | 0.500 (0.500..0.500) | 0.50 |")
                .contains("- nobody: not run: no library\n")
                .doesNotContain("second line");
    }

    @Test
    void reportSurvivesItsTextForm() {
        ClientReport report = sample("any", 3).client();
        assertThat(ClientReport.parse(report.print())).isEqualTo(report);
    }

    /** One second long, one CPU second in each process. */
    private static Sample sample(String contestant, long operations) {
        ClientReport client = new ClientReport(
                operations, 1_000_000_000, operations, new ProcessUsage(1_000_000_000, 0), new Latency(1, 2, 3), 4, 5);
        return new Sample(WORKLOAD, contestant, 1, client, new ProcessUsage(1_000_000_000, 0));
    }
}
