package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a wire lets acknowledgements of messages wait for other frames. */
class AcknowledgementTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long DELAY_NS = 5_000_000;

    private final Conversation conversation = new Conversation();
    private Connection connection;
    private RegionDescriptor all;

    @BeforeEach
    void connect() {
        conversation.settle(Conversation::whole);
        connection = conversation.connected();
        all = conversation.target.grant(Rights.ALL).descriptor();
        conversation.near.acknowledgementDelayNs = DELAY_NS;
        conversation.far.acknowledgementDelayNs = DELAY_NS;
    }

    @AfterEach
    void close() {
        conversation.close();
    }

    private Operation<@Nullable Void> send() {
        return connection.send(conversation.source, 0, 100, LONG);
    }

    /** Lets time pass at the server, as its provider does. */
    private void pass(long ns) {
        conversation.serverNetwork.nowNs += ns;
        Engine server = conversation.far.engine();
        if (server.dueNs() - conversation.serverNetwork.nowNs <= 0) {
            server.tick(conversation.serverNetwork.nowNs);
        }
        conversation.settle(Conversation::whole);
    }

    @Test
    void anAcknowledgementOfAMessageWaitsAsLongAsTheWireLetsIt() {
        Operation<@Nullable Void> sent = send();
        conversation.settle(Conversation::whole);
        assertThat(conversation.heard).containsExactly("message 100");
        pass(DELAY_NS - 1);
        assertThat(sent.result()).isNotDone();
        pass(1);
        assertThat(sent.result()).isCompletedWithValue(null);
    }

    @Test
    void itRidesWithAnyOtherFrame() {
        Operation<@Nullable Void> sent = send();
        conversation.settle(Conversation::whole);
        int before = conversation.toClient.size();
        Operation<byte[]> reply =
                connection.request(conversation.source.segment().asSlice(0, 6), LONG);
        conversation.settle(Conversation::whole);
        assertThat(reply.result()).isCompleted();
        assertThat(sent.result()).isCompletedWithValue(null);
        int replyBytes = FrameHeader.bytes(FrameHeader.REPLY) + 6;
        assertThat(conversation.toClient.size() - before).isEqualTo(replyBytes);
    }

    @Test
    void writesAreAcknowledgedAtOnce() {
        Operation<@Nullable Void> sent = send();
        Operation<@Nullable Void> written = connection.write(conversation.source, 0, all, 0, 100, LONG);
        conversation.settle(Conversation::whole);
        assertThat(written.result()).isCompletedWithValue(null);
        assertThat(sent.result()).isCompletedWithValue(null);
    }

    @Test
    void manyMessagesDoNotWait() {
        ManualWire wire = new ManualWire(new ManualNetwork());
        wire.acknowledgementDelayNs = DELAY_NS;
        Acknowledgement acknowledgement = new Acknowledgement(wire);
        for (int message = 1; message < 8; message++) {
            acknowledgement.delivered(message);
            assertThat(acknowledgement.isDue()).isFalse();
        }
        acknowledgement.delivered(8);
        assertThat(acknowledgement.isDue()).isTrue();
        assertThat(acknowledgement.say()).isEqualTo(8);
        assertThat(acknowledgement.isDue()).isFalse();
        assertThat(acknowledgement.dueNs()).isEqualTo(OperationTable.NEVER);
    }
}
