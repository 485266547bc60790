package io.fairlead.transport.core;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that a wire sends from where they lie, without a batch. */
class AloneMessageTest {
    private static final long LONG_NS = Duration.ofMinutes(5).toNanos();

    private final List<String> ended = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Completion completion =
            (context, failure, value) -> ended.add(context + (failure == null ? "" : " " + failure.code()));
    private @Nullable Conversation conversation;

    /** Hears the server's answers. */
    private final class Client implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void message(Connection from, Message message) {
            heard.add(new String(message.toByteArray(), US_ASCII));
        }
    }

    private Conversation conversation() {
        return Objects.requireNonNull(conversation);
    }

    @BeforeEach
    void connect() {
        Conversation now = new Conversation(false, new Client());
        conversation = now;
        now.near.takesAlone = bytes -> true;
        now.far.takesAlone = bytes -> true;
        now.settle(Conversation::whole);
    }

    @AfterEach
    void close() {
        conversation().close();
    }

    private void send(Connection over, MemoryRegion source, int bytes, long context) {
        assertThat(over.trySend(source, 0, bytes, LONG_NS, completion, context)).isNotNegative();
    }

    private void send(int bytes, long context) {
        send(conversation().connected(), conversation().source, bytes, context);
    }

    @Test
    void oneWithNothingElseToSendNeedsNoBatch() {
        send(64, 1);
        byte[] frame = conversation().near.take();

        assertThat(conversation().near.sentAlone).isEqualTo(1);
        assertThat(frame).hasSize(FrameHeader.COMMON_BYTES + 64);
        Conversation.whole(conversation().far, frame);
        assertThat(conversation().heard).containsExactly("message 64");
        conversation().settle(Conversation::whole);
        assertThat(ended).containsExactly("1");
    }

    @Test
    void anEmptyOneToo() {
        send(0, 1);
        conversation().settle(Conversation::whole);

        assertThat(conversation().near.sentAlone).isEqualTo(1);
        assertThat(conversation().heard).containsExactly("message 0");
    }

    @Test
    void thoseThatCanShareABatchDo() {
        send(64, 1);
        send(65, 2);
        conversation().settle(Conversation::whole);

        assertThat(conversation().near.sentAlone).isZero();
        assertThat(conversation().heard).containsExactly("message 64", "message 65");
        assertThat(ended).containsExactly("1", "2");
    }

    @Test
    void aLongOneGoesByABatch() {
        send(257, 1);
        conversation().settle(Conversation::whole);

        assertThat(conversation().near.sentAlone).isZero();
        assertThat(conversation().heard).containsExactly("message 257");
    }

    @Test
    void whatTheWireDoesNotTakeGoesByABatch() {
        conversation().near.takesAlone = bytes -> bytes < 64;
        send(64, 1);
        conversation().settle(Conversation::whole);
        send(63, 2);
        conversation().settle(Conversation::whole);

        assertThat(conversation().near.sentAlone).isEqualTo(1);
        assertThat(conversation().heard).containsExactly("message 64", "message 63");
        assertThat(ended).containsExactly("1", "2");
    }

    @Test
    void itAcknowledgesAsEveryFrameDoes() {
        send(64, 1);
        Conversation.whole(conversation().far, conversation().near.take());
        conversation().target.segment().setString(0, "answer", US_ASCII);
        send(conversation().far.engine().connection(), conversation().target, 6, 2);
        byte[] answer = conversation().far.take();
        Conversation.whole(conversation().near, answer);

        assertThat(answer).hasSize(FrameHeader.COMMON_BYTES + 6);
        assertThat(heard).containsExactly("answer");
        assertThat(ended).containsExactly("1");
    }

    @Test
    void memoryThatTheApplicationMayHaveFreedIsNotTouchedByAddress() {
        try (Arena arena = Arena.ofShared()) {
            MemoryRegion borrowed = conversation().client.register(arena.allocate(64));
            send(conversation().connected(), borrowed, 64, 1);
            conversation().settle(Conversation::whole);
            assertThat(borrowed.release()).isCompleted();
        }

        assertThat(conversation().near.sentAlone).isZero();
        assertThat(conversation().heard).containsExactly("message 64");
    }

    @Test
    void aWholeScriptComesToTheSame() {
        conversation().close();
        try (Conversation scripted = new Conversation()) {
            scripted.near.takesAlone = bytes -> true;
            scripted.far.takesAlone = bytes -> true;
            scripted.hold(Conversation::whole);
        }
    }
}
