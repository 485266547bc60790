package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendAccountTest {
    private static final int DEPTH = 64;

    /** A card: requests are done in order, and places come back only with the completion of a signalled one. */
    private static final class Card {
        final ArrayDeque<Integer> posted = new ArrayDeque<>();
        final ArrayDeque<Integer> signalled = new ArrayDeque<>();
        int taken;

        void post(int number, boolean signal) {
            posted.add(number);
            taken++;
            if (taken > DEPTH) {
                throw new AssertionError("the send queue overflowed");
            }
            if (signal) {
                signalled.add(number);
            }
        }

        /** @return the number of a completed request, or -1 */
        int complete() {
            Integer number = signalled.poll();
            if (number == null) {
                return -1;
            }
            int done;
            do {
                done = posted.remove();
                taken--;
            } while (done != number);
            return number;
        }
    }

    @Test
    void neverMorePlacesAreTakenThanTheCardHasWhateverIsSignalled() {
        long seed = 20261122;
        Random random = new Random(seed);
        SendAccount account = new SendAccount(DEPTH);
        Card card = new Card();
        for (int step = 0; step < 100_000; step++) {
            int wanted = random.nextInt(8);
            for (int i = 0; i < wanted && account.hasRoom(); i++) {
                account.take();
            }
            int count = account.unposted();
            for (int i = 0; i < count; i++) {
                int number = account.firstUnposted() + i;
                card.post(number, i == count - 1 || random.nextInt(4) == 0);
            }
            account.allPosted();
            int completed = random.nextBoolean() ? card.complete() : -1;
            if (completed >= 0) {
                assertThat(account.isUnderWay(completed))
                        .as("seed %d, step %d", seed, step)
                        .isTrue();
                while (account.isUnderWay(completed)) {
                    account.retire();
                }
            }
            assertThat(account.underWay()).isEqualTo(card.taken);
        }
    }

    @Test
    void onePlaceIsKeptForTheLastRequest() {
        SendAccount account = new SendAccount(4);
        for (int i = 0; i < 3; i++) {
            assertThat(account.hasRoom()).isTrue();
            account.take();
        }
        assertThat(account.hasRoom()).isFalse();
        assertThat(account.take()).isEqualTo(3);
    }

    @Test
    void aFullQueueTakesNothing() {
        SendAccount account = new SendAccount(2);
        account.take();
        account.take();
        assertThat(account.hasRoom()).isFalse();
        assertThatThrownBy(account::take).hasMessageContaining("all 2 requests");
    }

    @Test
    void aCompletionOfWhatIsNotUnderWayIsKnown() {
        SendAccount account = new SendAccount(4);
        int number = account.take();
        assertThat(account.isUnderWay(number)).as("not posted").isFalse();
        account.allPosted();
        assertThat(account.isUnderWay(number)).isTrue();
        assertThat(account.isUnderWay(number + 1)).isFalse();
        account.retire();
        assertThat(account.isUnderWay(number)).as("retired").isFalse();
    }
}
