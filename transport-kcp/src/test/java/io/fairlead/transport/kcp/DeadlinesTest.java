package io.fairlead.transport.kcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long MS = 1_000_000;
    private static final long START = 12_345_678_901L;

    private final Deadlines deadlines = new Deadlines(START);
    private final List<Long> fired = new ArrayList<>();
    private long nowNs = START;

    private final class Ringing extends Deadlines.Member {
        private long wantedNs;

        @Override
        void due(long atNs) {
            assertThat(atNs).isGreaterThanOrEqualTo(wantedNs);
            fired.add(wantedNs);
        }

        void at(long whenNs) {
            wantedNs = whenNs;
            deadlines.set(this, whenNs);
        }
    }

    /** Serves whenever the wheel wants to be served, as a loop does. */
    private void runUntil(long endNs) {
        for (long next = deadlines.nextNs(); next <= endNs; next = deadlines.nextNs()) {
            nowNs = Math.max(nowNs, next);
            deadlines.serve(nowNs);
        }
    }

    @Test
    void everyMemberIsCalledAtItsTimeHoweverFarAwayAndHoweverOftenChanged() {
        long seed = 42;
        Random random = new Random(seed);
        List<Ringing> members = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            members.add(new Ringing());
        }
        for (Ringing member : members) {
            member.at(START + random.nextLong(10_000 * MS));
        }
        for (int i = 0; i < 250; i++) {
            members.get(i).at(START + random.nextLong(3 * MS));
        }
        runUntil(START + 10_000 * MS);
        assertThat(fired).as("seed %d", seed).hasSize(500);
        assertThat(fired).isSorted();
        assertThat(deadlines.size()).isZero();
        assertThat(deadlines.nextNs()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void aMemberThatWasTakenBackIsNotCalled() {
        Ringing member = new Ringing();
        member.at(START + MS);
        deadlines.set(member, Deadlines.NEVER);
        runUntil(START + 100 * MS);
        assertThat(fired).isEmpty();
    }

    @Test
    void whatIsLateIsCalledAtOnce() {
        Ringing member = new Ringing();
        member.at(START - 50 * MS);
        assertThat(deadlines.nextNs()).isLessThanOrEqualTo(START);
        deadlines.serve(START);
        assertThat(fired).hasSize(1);
    }

    @Test
    void aLoopThatSleptLongMissesNobody() {
        for (int i = 0; i < 3000; i += 7) {
            new Ringing().at(START + i * MS);
        }
        deadlines.serve(START + 5000 * MS);
        assertThat(fired).hasSize(429);
    }

    @Test
    void aMemberThatThrowsDoesNotKeepTheOthersFromTheirTime() {
        Deadlines.Member failing = new Deadlines.Member() {
            @Override
            void due(long atNs) {
                throw new IllegalStateException("planted");
            }
        };
        new Ringing().at(START + 2 * MS);
        deadlines.set(failing, START + 2 * MS);
        new Ringing().at(START + 2 * MS);
        new Ringing().at(START + 3 * MS);
        assertThatThrownBy(() -> deadlines.serve(START + 4 * MS)).hasMessage("planted");
        assertThat(fired).containsExactly(START + 2 * MS, START + 2 * MS, START + 3 * MS);
        new Ringing().at(START + 5 * MS);
        runUntil(START + 6 * MS);
        assertThat(fired).hasSize(4);
    }
}
