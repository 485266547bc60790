package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class UseTest {
    @Test
    void shutLetsNobodyInAndIsIdleWhenTheLastHasLeft() {
        Use use = new Use();
        assertThat(use.enter()).isTrue();
        assertThat(use.shut()).isNotDone();
        assertThat(use.enter()).isFalse();
        assertThat(use.shut()).isNotDone();
        use.leave();
        assertThat(use.shut()).isDone();
    }

    @RepeatedTest(20)
    void nobodyIsInsideAfterItIsIdle() throws Exception {
        Use use = new Use();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean idle = new AtomicBoolean();
        AtomicBoolean violated = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(3);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                started.countDown();
                while (use.enter()) {
                    inside.incrementAndGet();
                    if (idle.get()) {
                        violated.set(true);
                    }
                    inside.decrementAndGet();
                    use.leave();
                }
            }));
        }
        started.await();
        use.shut().thenRun(() -> idle.set(true)).join();
        assertThat(inside).hasValue(0);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(violated).isFalse();
    }
}
