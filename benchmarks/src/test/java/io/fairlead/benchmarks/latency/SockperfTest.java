package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** As version 3.7 of the tool prints it. */
class SockperfTest {
    private static final String OUTPUT = """
            sockperf: Total 2795 observations; each percentile contains 27.95 observations
            sockperf: ---> <MAX> observation = 4824.414
            sockperf: ---> percentile 99.900 = 3704.630
            sockperf: ---> percentile 99.000 = 2378.090
            sockperf: ---> percentile 50.000 =  232.353
            """;

    @Test
    void percentilesAreFound() throws IOException {
        assertThat(Sockperf.percentile(OUTPUT, 50)).isEqualTo(232.353);
        assertThat(Sockperf.percentile(OUTPUT, 99)).isEqualTo(2378.090);
    }

    @Test
    void aMissingOneIsAFailureThatShowsTheOutput() {
        assertThatThrownBy(() -> Sockperf.percentile("sockperf: ERROR: cannot connect", 50))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect");
    }
}
