package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in, and who waits for whom. */
class AdmissionTest {
    private static final long LONG_NS = Duration.ofMinutes(5).toNanos();
    private static final int CREDITS = Conversation.LIMITS.messageCredits();
    private static final Completion IGNORED = (context, failure, value) -> {};

    private final Conversation conversation = new Conversation();
    private final Connection connection = connect(conversation);
    private final RegionDescriptor target =
            conversation.target.grant(Rights.ALL).descriptor();

    private static Connection connect(Conversation fresh) {
        fresh.settle(Conversation::whole);
        return fresh.connected();
    }

    @AfterEach
    void close() {
        conversation.close();
    }

    private long send() {
        return connection.trySend(conversation.source, 0, 10, LONG_NS, IGNORED, 0);
    }

    private long write() {
        return connection.tryWrite(conversation.source, 0, target, 0, 10, LONG_NS, IGNORED, 0);
    }

    @Test
    void aMessageThatWasNeverSentGivesItsCreditBack() {
        for (int i = 0; i < 10 * CREDITS; i++) {
            long operation = send();
            assertThat(operation).as("message %d", i).isNotNegative();
            connection.cancel(operation);
            conversation.near.take();
        }
    }

    @Test
    void aNotificationThatWasCutOffGivesItsCreditBack() {
        for (int i = 0; i < 10 * CREDITS; i++) {
            long operation = connection.tryWriteNotify(conversation.source, 0, target, 0, 10, 1, LONG_NS, IGNORED, 0);
            assertThat(operation).as("notification %d", i).isNotNegative();
            connection.cancel(operation);
            conversation.settle(Conversation::whole);
        }
        assertThat(conversation.heard).isEmpty();
    }

    @Test
    void withoutCreditsMessagesWaitAndWritesPass() {
        for (int i = 0; i < CREDITS; i++) {
            assertThat(send()).isNotNegative();
        }
        assertThat(send()).isEqualTo(ErrorCode.BACK_PRESSURED.refusal());
        Operation<?> waiting = connection.send(conversation.source, 0, 10, Duration.ofMinutes(1));
        assertThat(waiting.result()).isNotDone();
        assertThat(write()).isNotNegative();
        conversation.settle(Conversation::whole);
        assertThat(waiting.result()).isCompleted();
        assertThat(conversation.heard).hasSize(CREDITS + 1);
    }

    @Test
    void nothingPassesAFenceThatWaits() {
        for (int i = 0; i < CREDITS; i++) {
            assertThat(send()).isNotNegative();
        }
        Operation<?> message = connection.send(conversation.source, 0, 10, Duration.ofMinutes(1));
        Operation<?> fence = connection.fence(Duration.ofMinutes(1));
        assertThat(write()).isEqualTo(ErrorCode.BACK_PRESSURED.refusal());
        conversation.settle(Conversation::whole);
        assertThat(message.result()).isCompleted();
        assertThat(fence.result()).isCompleted();
        assertThat(write()).isNotNegative();
    }

    @Test
    void aRefusalNamesTheLimit() {
        for (int i = 0; i < CREDITS; i++) {
            send();
        }
        send();
        assertThat(Refusals.why(ErrorCode.BACK_PRESSURED, (EngineConnection) connection))
                .contains("messageCredits");
    }
}
