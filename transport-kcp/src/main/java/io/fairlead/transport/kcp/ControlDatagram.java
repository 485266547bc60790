package io.fairlead.transport.kcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A datagram of the native dialect that is not KCP: {@code docs/wire-format.md} has the picture. Byte 4, where KCP has its
 * command, holds a type that neither KCP nor the FEC of kcp-go uses, and bytes 12 to 15 are not zero, so that peers of other kinds
 * drop it and keep their sessions.
 *
 * @param conversation 0 before there is one
 * @param nonce chosen by the client; names the attempt
 * @param body what the type adds
 */
record ControlDatagram(Type type, int conversation, long nonce, byte[] body) {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 24;

    /** A client's first datagrams are as long as this, so that no answer is larger than three times what was asked. */
    static final int HELLO_BYTES = 1200;

    private static final int MAGIC = 0x434b_4c46; // "FLKC"
    private static final int MAX_REASON_BYTES = 200;

    /** What a control datagram says. */
    enum Type {
        /** Client: I want to connect. Padded. */
        HELLO(0x01),
        /** Server: show that you are where you say; body: a cookie. */
        RETRY(0x02),
        /** Client: here is the cookie; body: the cookie and {@link Offer}. Padded. */
        CONNECT(0x03),
        /** Server: the conversation is yours; body: {@link Offer}. */
        ACCEPT(0x04),
        /** Server: no; body: why, in UTF-8. */
        REFUSE(0x05),
        /** Either: the conversation is over; the nonce is the secret of the conversation. */
        CLOSE(0x06),
        /** Either: I know. */
        CLOSED(0x07);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        private static @Nullable Type of(byte code) {
            return code >= 1 && code <= values().length ? values()[code - 1] : null;
        }
    }

    /**
     * What one side tells the other of itself.
     *
     * @param mtuBytes the largest datagram it wants to get
     * @param windowSegments its receive window
     * @param secret of the conversation, chosen by the server; 0 from the client
     */
    record Offer(int mtuBytes, int windowSegments, long secret) {
        static final int BYTES = 12;

        byte[] bytes() {
            return ByteBuffer.allocate(BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) mtuBytes)
                    .putShort((short) windowSegments)
                    .putLong(secret)
                    .array();
        }

        static Offer of(byte[] body, int at) {
            ByteBuffer in = ByteBuffer.wrap(body, at, BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return new Offer(in.getShort() & 0xffff, in.getShort() & 0xffff, in.getLong());
        }
    }

    static ControlDatagram refusal(int conversation, long nonce, String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        return new ControlDatagram(
                Type.REFUSE, conversation, nonce, Arrays.copyOf(text, Math.min(text.length, MAX_REASON_BYTES)));
    }

    static ControlDatagram close(int conversation, long secret) {
        return new ControlDatagram(Type.CLOSE, conversation, secret, new byte[0]);
    }

    /** The answer to a CLOSE. */
    static ControlDatagram closed(ControlDatagram close) {
        return new ControlDatagram(Type.CLOSED, close.conversation, close.nonce, new byte[0]);
    }

    /** Whether a datagram is one of these at all, whatever its version. */
    static boolean isControl(ByteBuffer datagram) {
        ByteBuffer in = datagram.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return in.remaining() >= HEADER_BYTES && in.getInt(in.position() + 12) == MAGIC;
    }

    /** The version of a control datagram. */
    static int version(ByteBuffer datagram) {
        return datagram.get(datagram.position() + 5) & 0xff;
    }

    static long nonce(ByteBuffer datagram) {
        return datagram.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(datagram.position() + 16);
    }

    /** Takes apart a control datagram of this version; null if it is malformed. The buffer stays as it is. */
    static @Nullable ControlDatagram decode(ByteBuffer datagram) {
        ByteBuffer in = datagram.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int at = in.position();
        Type type = Type.of(in.get(at + 4));
        boolean reservedAreZero = in.getShort(at + 6) == 0 && in.getInt(at + 8) == 0;
        if (type == null || !reservedAreZero) {
            return null;
        }
        byte[] body = new byte[in.remaining() - HEADER_BYTES];
        in.get(at + HEADER_BYTES, body);
        boolean fits = switch (type) {
            case HELLO -> in.remaining() >= HELLO_BYTES;
            case CONNECT -> in.remaining() >= HELLO_BYTES;
            case RETRY -> body.length == Cookies.BYTES;
            case ACCEPT -> body.length == Offer.BYTES;
            case REFUSE -> body.length <= MAX_REASON_BYTES;
            case CLOSE, CLOSED -> body.length == 0;
        };
        return fits ? new ControlDatagram(type, in.getInt(at), in.getLong(at + 16), body) : null;
    }

    byte[] encode() {
        int bytes = HEADER_BYTES + body.length;
        boolean padded = type == Type.HELLO || type == Type.CONNECT;
        return ByteBuffer.allocate(padded ? Math.max(bytes, HELLO_BYTES) : bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(conversation)
                .put(type.code)
                .put((byte) VERSION)
                .putShort((short) 0)
                .putInt(0)
                .putInt(MAGIC)
                .putLong(nonce)
                .put(body)
                .array();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
