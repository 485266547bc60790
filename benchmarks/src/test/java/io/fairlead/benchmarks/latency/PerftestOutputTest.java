package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** As version 4.5 of the tools prints it. */
class PerftestOutputTest {
    private static final String LATENCY = """
             Data ex. method : rdma_cm
            ---------------------------------------------------------------------------------------
             #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec]\s
             64      2000          9.66           29218.77      10.47    \t       96.20       \t654.10 \t\t1598.46 \t\t22495.48
            ---------------------------------------------------------------------------------------
            """;
    private static final String BANDWIDTH = """
             #bytes     #iterations    BW peak[MB/sec]    BW average[MB/sec]   MsgRate[Mpps]
             65536      500              24.79              18.60  \t\t   0.000298
            """;

    @Test
    void aLatencyIsTheTypicalOne() throws IOException {
        PerftestOutput output = PerftestOutput.parse(LATENCY);

        assertThat(output).isEqualTo(new PerftestOutput(10.47, 1598.46, true));
    }

    @Test
    void aBandwidthIsTheAverage() throws IOException {
        PerftestOutput output = PerftestOutput.parse(BANDWIDTH);

        assertThat(output.figure()).isEqualTo(18.60);
        assertThat(output.p99()).isNaN();
    }

    @Test
    void aRunWithoutAFrequencyForItsClockIsToldApart() throws IOException {
        PerftestOutput output = PerftestOutput.parse("Correlation coefficient r^2: 0.327885 < 0.9\n" + LATENCY);

        assertThat(output.calibrated()).isFalse();
    }

    @Test
    void whatHasNoResultOrOtherColumnsIsRefused() {
        assertThatThrownBy(() -> PerftestOutput.parse("Unable to init the socket connection\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Unable to init the socket connection");
        assertThatThrownBy(() -> PerftestOutput.parse(LATENCY.replace("t_typical[usec]", "t_typical[cycles]")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("t_typical[cycles]");
        assertThatThrownBy(() -> PerftestOutput.parse(LATENCY.replace("2000          9.66           29218.77", "")))
                .isInstanceOf(IOException.class);
    }
}
