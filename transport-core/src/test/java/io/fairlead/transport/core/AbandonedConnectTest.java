package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AbandonedConnectTest {
    @Test
    void endsDuringTheHandshakeWithoutWaitingForThePeer() {
        try (Conversation conversation = new Conversation()) {
            conversation.connecting.cancel(true);
            conversation.clientNetwork.runTasks();
            assertThat(conversation.near.closed).isTrue();
        }
    }

    @Test
    void leavesAConnectionAloneThatWasTakenBefore() {
        try (Conversation conversation = new Conversation()) {
            conversation.settle(Conversation::whole);
            conversation.connecting.cancel(true);
            conversation.clientNetwork.runTasks();
            assertThat(conversation.near.closed).isFalse();
        }
    }
}
