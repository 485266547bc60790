package io.fairlead.transport.kcp;

/** What surrounds the segments of KCP, which are the same in all. */
enum Dialect {
    /** A handshake by cookie before, and a word at the end. Segments in between are unchanged KCP. */
    NATIVE,
    /** Nothing but KCP, as the C reference speaks it: the client picks the conversation, the first segment opens it. */
    IKCP,
    /** The same as kcp-go speaks it without encryption and FEC: a stream of bytes. */
    KCP_GO;

    static Dialect ofName(String name) {
        return switch (name) {
            case "native" -> NATIVE;
            case "ikcp" -> IKCP;
            case "kcp-go" -> KCP_GO;
            default -> throw new IllegalArgumentException("dialect is '" + name + "', known: native, ikcp, kcp-go");
        };
    }
}
