package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkIdTest {
    @Test
    void whatAnIdIsMadeOfComesBack() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            int place = random.nextInt(WorkId.MOST_PLACES);
            int generation = random.nextInt();
            int number = random.nextInt();
            long send = WorkId.send(place, generation, number);
            long receive = WorkId.receive(place, generation, number);
            assertThat(WorkId.isReceive(send)).as("seed %d", seed).isFalse();
            assertThat(WorkId.isReceive(receive)).isTrue();
            for (long id : new long[] {send, receive}) {
                assertThat(WorkId.place(id)).isEqualTo(place);
                assertThat(WorkId.number(id)).isEqualTo(number);
                assertThat(WorkId.isOf(id, generation)).isTrue();
                assertThat(WorkId.isOf(id, generation + 1)).isFalse();
            }
        }
    }
}
