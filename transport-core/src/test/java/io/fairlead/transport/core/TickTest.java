package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection does when time passes: as often as messages are acknowledged by time, so it costs as little as they do. */
class TickTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TICKS = 1_000;
    private static final long STEP_NS = 1_000;

    private final Conversation conversation = new Conversation();

    @AfterEach
    void close() {
        conversation.close();
    }

    private long allocatedByTicks(Engine engine, ManualNetwork network) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < TICKS; i++) {
            network.nowNs += STEP_NS;
            engine.tick(network.nowNs);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void timeThatPassesAllocatesNothing() {
        conversation.settle(Conversation::whole);
        var sent = conversation.connected().send(conversation.source, 0, 100, Duration.ofMinutes(5));
        conversation.clientNetwork.runTasks();
        allocatedByTicks(conversation.near.engine(), conversation.clientNetwork); // the first ones load classes
        assertThat(allocatedByTicks(conversation.near.engine(), conversation.clientNetwork))
                .as("bytes in %d ticks, with an operation under way", TICKS)
                .isZero();
        assertThat(sent.result()).isNotDone();
    }
}
