package io.fairlead.transport.core;

import org.junit.jupiter.api.Test;

/** A stream may be cut anywhere; what it carries is the same. */
class FrameCutTest {
    @Test
    void nothingChangesWhenEachWriteArrivesInPiecesOfAnySize() {
        for (int size = 1; size < 300; size += size < 80 ? 1 : 13) {
            int piece = size;
            try (Conversation conversation = new Conversation()) {
                conversation.hold((wire, bytes) -> {
                    for (int at = 0; at < bytes.length; at += piece) {
                        wire.give(bytes, at, Math.min(bytes.length, at + piece));
                    }
                });
            }
        }
    }

    @Test
    void nothingChangesWhenTheStreamIsCutOnceAtAnyByte() {
        int longest;
        try (Conversation conversation = new Conversation()) {
            conversation.hold(Conversation::whole);
            longest = Math.max(conversation.toServer.size(), conversation.toClient.size());
        }
        // All cuts of the first 9500 bytes, which hold each kind of header once, then a sample that hits all residues.
        for (int cut = 1; cut < longest; cut += cut < 9500 ? 1 : 37) {
            int at = cut;
            try (Conversation conversation = new Conversation()) {
                conversation.hold((wire, bytes) -> {
                    int crossed =
                            wire == conversation.far ? conversation.toServer.size() : conversation.toClient.size();
                    int here = Math.clamp((long) at - crossed, 0, bytes.length);
                    wire.give(bytes, 0, here);
                    wire.give(bytes, here, bytes.length);
                });
            }
        }
    }
}
