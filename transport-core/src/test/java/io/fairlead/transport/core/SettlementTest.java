package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When operations end whose acknowledgement comes with a message that is answered. */
class SettlementTest {
    private static final long LONG_NS = Duration.ofMinutes(5).toNanos();
    private static final int BYTES = 10;

    private final List<String> heard = new ArrayList<>();
    private @Nullable Conversation conversation;

    /** Answers each message. */
    private final class Client implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void message(Connection from, Message message) {
            heard.add("message");
            assertThat(send(from, "the answer")).isNotNegative();
        }

        @Override
        public void closed(Connection connection, TransportException cause) {
            heard.add("closed");
        }
    }

    private long send(Connection over, String what) {
        Conversation now = Objects.requireNonNull(conversation);
        Completion ended = (context, failure, value) ->
                heard.add(failure == null ? what + " is sent" : what + ": " + failure.code());
        return over.trySend(now.source, 0, BYTES, LONG_NS, ended, 0);
    }

    /** A question goes there, and a message with its acknowledgement comes back. */
    private Conversation asked(boolean settles) {
        Conversation now = new Conversation(settles, new Client());
        conversation = now;
        now.settle(Conversation::whole);
        send(now.connected(), "the question");
        Conversation.whole(now.far, now.near.take());
        Completion unheard = (context, failure, value) -> {};
        now.far.engine().connection().trySend(now.target, 0, BYTES, LONG_NS, unheard, 0);
        Conversation.whole(now.near, now.far.take());
        return now;
    }

    @AfterEach
    void close() {
        if (conversation != null) {
            conversation.close();
        }
    }

    @Test
    void theyEndBeforeTheMessageIsHandedOn() {
        asked(false);

        assertThat(heard).containsExactly("the question is sent", "message");
    }

    @Test
    void whereTheWireSettlesTheAnswerLeavesFirst() {
        Conversation now = asked(true);

        assertThat(now.near.take()).hasSize(FrameHeader.COMMON_BYTES + BYTES);
        assertThat(heard).containsExactly("message");
        now.near.engine().settle();
        assertThat(heard).containsExactly("message", "the question is sent");
    }

    @Test
    void whatWasAcknowledgedIsKnownToHaveSucceededAtTheEnd() {
        Conversation now = asked(true);
        now.near.engine().wireFailed(null);

        assertThat(heard).containsSubsequence("message", "the question is sent", "the answer: CLOSED", "closed");
    }
}
