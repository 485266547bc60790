package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndedKeysTest {
    @Test
    void theLastAreKept() {
        EndedKeys keys = new EndedKeys(3);
        for (int key = 1; key <= 4; key++) {
            keys.add(key);
        }

        assertThat(keys.contains(1)).isFalse();
        assertThat(keys.contains(2)).isTrue();
        assertThat(keys.contains(4)).isTrue();
    }

    @Test
    void aKeyThatEndsAgainIsKeptAnew() {
        EndedKeys keys = new EndedKeys(2);
        keys.add(1);
        keys.add(2);
        keys.add(1);
        keys.add(3);

        assertThat(keys.contains(1)).isTrue();
        assertThat(keys.contains(2)).isFalse();
    }
}
