package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerReceivesTest {
    private final PeerReceives receives = new PeerReceives();

    @Test
    void whatIsUsedIsLeftAgainWhenThePeerTellsSo() {
        receives.begin(16);
        receives.use(10);
        assertThat(receives.left()).isEqualTo(6);

        assertThat(receives.learn(7)).isTrue();
        assertThat(receives.left()).isEqualTo(13);
    }

    @Test
    void whatWasNeverUsedCannotBePostedAgain() {
        receives.begin(16);
        receives.use(3);
        for (int lie : new int[] {4, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            assertThat(receives.learn(lie)).as("%d", lie).isFalse();
        }
        assertThat(receives.left()).isEqualTo(13);
    }

    @Test
    void aPeerCannotTakeBackWhatItTold() {
        receives.begin(16);
        receives.use(3);
        assertThat(receives.learn(2)).isTrue();

        assertThat(receives.learn(1)).isFalse();
        assertThat(receives.learn(2)).isTrue();
        assertThat(receives.left()).isEqualTo(15);
    }

    @Test
    void numbersWrap() {
        receives.begin(16);
        for (long used = 0; used < 1L << 32; used += 1 << 30) {
            receives.use(1 << 30);
            assertThat(receives.learn((int) (used + (1 << 30)))).isTrue();
        }
        receives.use(16);
        assertThat(receives.left()).isZero();
        assertThat(receives.learn(16)).isTrue();
        assertThat(receives.learn(17)).isFalse();
    }
}
