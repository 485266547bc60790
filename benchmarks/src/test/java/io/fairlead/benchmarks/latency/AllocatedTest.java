package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllocatedTest {
    @Test
    void bothSidesCount() {
        assertThat(Allocated.of("96 loop-0=64,loop-1=32", "4 loop-0=4"))
                .isEqualTo(new Allocated(100, "client:loop-0=64,loop-1=32 server:loop-0=4"));
        assertThat(Allocated.of("0 -", "0 -").bytes()).isZero();
    }

    @Test
    void theLeastOfSeveralRunsStaysWithItsThreads() {
        Allocated compiled = new Allocated(2080, "client:- server:loop-0=2080");
        Allocated none = new Allocated(0, "client:- server:-");

        assertThat(compiled.orLess(none)).isEqualTo(none);
        assertThat(none.orLess(compiled)).isEqualTo(none);
    }
}
