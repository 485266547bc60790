package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * What each side tells the other before any frame, little-endian. The client speaks first; the server answers with
 * its own, or with a refusal (kind 2: the error code stands in the version field, the reason in the authentication).
 * <pre>
 *  0 magic "FLRD" (4) | 4 kind (1): 1 hello, 2 refusal | 5 security (1) | 6 version (2)
 *  8 flags (4), zero in version 1 | 12 authentication method (1), 0 none | 13 zero (1) | 14 bytes of authentication (2)
 * 16 incarnation (8)
 * 24 largest frame payload (4) | 28 largest message (4)
 * 32 message credits (4) | 36 operations in flight (4)
 * 40 message credit bytes (8)
 * 48 authentication (0 to 4096)
 * </pre>
 * Limits are those of the speaker as a receiver.
 */
public record Handshake(
        SecurityMode security,
        long incarnation,
        int maxFrameBytes,
        int maxMessageBytes,
        int messageCredits,
        int operationsInFlight,
        long messageCreditBytes) {
    public static final int MAGIC = 'F' | 'L' << 8 | 'R' << 16 | 'D' << 24;
    public static final int VERSION = 1;
    public static final int FIXED_BYTES = 48;
    public static final int MAX_AUTHENTICATION_BYTES = 4096;
    public static final int MAX_BYTES = FIXED_BYTES + MAX_AUTHENTICATION_BYTES;

    private static final int HELLO = 1;
    private static final int REFUSAL = 2;
    private static final int MAX_REASON_BYTES = 512;

    static Handshake of(Limits limits, SecurityMode security, long incarnation) {
        return new Handshake(
                security,
                incarnation,
                limits.maxFrameBytes(),
                limits.maxMessageBytes(),
                limits.messageCredits(),
                limits.maxOperationsInFlight(),
                limits.messageCreditBytes());
    }

    /** Writes a hello at {@code at}. @return its bytes */
    public int encode(MemorySegment to, long at) {
        start(to, at, HELLO, VERSION, 0);
        to.set(JAVA_BYTE, at + 5, (byte) security.ordinal());
        to.set(FrameHeader.LONG, at + 16, incarnation);
        to.set(FrameHeader.INT, at + 24, maxFrameBytes);
        to.set(FrameHeader.INT, at + 28, maxMessageBytes);
        to.set(FrameHeader.INT, at + 32, messageCredits);
        to.set(FrameHeader.INT, at + 36, operationsInFlight);
        to.set(FrameHeader.LONG, at + 40, messageCreditBytes);
        return FIXED_BYTES;
    }

    /** Writes a refusal at {@code at}. @return its bytes */
    static int encodeRefusal(MemorySegment to, long at, ErrorCode code, String reason) {
        byte[] text = TextBytes.cut(reason, MAX_REASON_BYTES);
        start(to, at, REFUSAL, code.number(), text.length);
        MemorySegment.copy(text, 0, to, JAVA_BYTE, at + FIXED_BYTES, text.length);
        return FIXED_BYTES + text.length;
    }

    private static void start(MemorySegment to, long at, int kind, int version, int authenticationBytes) {
        to.asSlice(at, FIXED_BYTES).fill((byte) 0);
        to.set(FrameHeader.INT, at, MAGIC);
        to.set(JAVA_BYTE, at + 4, (byte) kind);
        to.set(FrameHeader.SHORT, at + 6, (short) version);
        to.set(FrameHeader.SHORT, at + 14, (short) authenticationBytes);
    }

    /**
     * How many bytes the handshake at {@code at} has, once that can be told.
     *
     * @return 0 while too few bytes are there
     * @throws TransportException {@link ErrorCode#HANDSHAKE_REFUSED} as soon as it cannot be one: what is not ours is not read on
     */
    static int bytesNeeded(MemorySegment from, long at, long available) {
        for (int i = 0; i < Math.min(4, available); i++) {
            if (from.get(JAVA_BYTE, at + i) != (byte) (MAGIC >>> (8 * i))) {
                throw refused("not a Fairlead peer: wrong magic");
            }
        }
        if (available < 16) {
            return 0;
        }
        int authentication = from.get(FrameHeader.SHORT, at + 14) & 0xffff;
        if (authentication > MAX_AUTHENTICATION_BYTES) {
            throw refused("authentication of " + authentication + " bytes, limit " + MAX_AUTHENTICATION_BYTES);
        }
        return FIXED_BYTES + authentication;
    }

    /** Reads a whole handshake. @throws TransportException typed, if it is a refusal or cannot be agreed to */
    static Handshake decode(MemorySegment from, long at) {
        int kind = from.get(JAVA_BYTE, at + 4);
        int version = from.get(FrameHeader.SHORT, at + 6) & 0xffff;
        int authentication = from.get(FrameHeader.SHORT, at + 14) & 0xffff;
        if (kind == REFUSAL) {
            byte[] text = from.asSlice(at + FIXED_BYTES, authentication).toArray(JAVA_BYTE);
            throw new TransportException(
                    ErrorCode.ofNumber(version), "the peer refused: " + new String(text, StandardCharsets.UTF_8));
        }
        if (kind != HELLO) {
            throw refused("unknown kind " + kind + " of handshake");
        }
        if (version != VERSION) {
            throw refused("protocol version " + version + ", this side speaks " + VERSION);
        }
        int flags = from.get(FrameHeader.INT, at + 8);
        if (flags != 0) {
            throw refused("unknown flags 0x" + Integer.toHexString(flags));
        }
        if (from.get(JAVA_BYTE, at + 12) != 0 || from.get(JAVA_BYTE, at + 13) != 0 || authentication != 0) {
            throw refused("authentication method " + from.get(JAVA_BYTE, at + 12) + " is not known");
        }
        int security = from.get(JAVA_BYTE, at + 5);
        if (security < 0 || security >= SecurityMode.values().length) {
            throw new TransportException(ErrorCode.SECURITY, "unknown security mode " + security);
        }
        Handshake peer = new Handshake(
                SecurityMode.values()[security],
                from.get(FrameHeader.LONG, at + 16),
                from.get(FrameHeader.INT, at + 24),
                from.get(FrameHeader.INT, at + 28),
                from.get(FrameHeader.INT, at + 32),
                from.get(FrameHeader.INT, at + 36),
                from.get(FrameHeader.LONG, at + 40));
        if (peer.maxFrameBytes < 512
                || peer.maxMessageBytes < 1
                || peer.messageCredits < 1
                || peer.operationsInFlight < 1
                || peer.messageCreditBytes < peer.maxMessageBytes) {
            throw refused("impossible limits: " + peer);
        }
        return peer;
    }

    /** Fails unless both sides want the same protection. */
    void agreeOn(SecurityMode mine) {
        if (security != mine) {
            throw new TransportException(
                    ErrorCode.SECURITY, "the peer's security mode is " + security + ", this side's is " + mine);
        }
    }

    PeerInfo peerInfo(int operationsAllowed) {
        return new PeerInfo(VERSION, incarnation, security, maxMessageBytes, operationsAllowed);
    }

    private static TransportException refused(String reason) {
        return new TransportException(ErrorCode.HANDSHAKE_REFUSED, reason);
    }
}
