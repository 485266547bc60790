package io.fairlead.transport.kcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.kcp.ControlDatagram.Offer;
import io.fairlead.transport.kcp.ControlDatagram.Type;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The datagrams of the handshake, and the cookie that they carry. */
class HandshakeTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 4711);
    private static final long LIFETIME_MS = 10_000;

    private static byte[] body(Type type) {
        return new byte
                [switch (type) {
                    case RETRY -> Cookies.BYTES;
                    case ACCEPT -> Offer.BYTES;
                    case CONNECT -> Cookies.BYTES + Offer.BYTES;
                    default -> 0;
                }];
    }

    @ParameterizedTest
    @EnumSource(Type.class)
    void everyTypeIsReadBack(Type type) {
        byte[] bytes = new ControlDatagram(type, 0x01020304, 0x1122334455667788L, body(type)).encode();
        assertThat(ControlDatagram.isControl(ByteBuffer.wrap(bytes))).isTrue();
        ControlDatagram read = Objects.requireNonNull(ControlDatagram.decode(ByteBuffer.wrap(bytes)));
        assertThat(read.type()).isEqualTo(type);
        assertThat(read.conversation()).isEqualTo(0x01020304);
        assertThat(read.nonce()).isEqualTo(0x1122334455667788L);
    }

    /** Peers of other kinds take bytes 4 and 5 for a command or a type of FEC, and 12 to 15 for a number. */
    @ParameterizedTest
    @EnumSource(Type.class)
    void noPeerOfAnotherKindTakesOneForItsOwn(Type type) {
        byte[] bytes = new ControlDatagram(type, 1, 2, body(type)).encode();
        assertThat(bytes[4] & 0xff).isNotIn(81, 82, 83, 84, 0xf1, 0xf2, 0xf3);
        assertThat(ByteBuffer.wrap(bytes).getInt(12)).isNotZero();
    }

    @Test
    void noAnswerToAStrangerIsLongerThanItsQuestion() {
        int asked = new ControlDatagram(Type.HELLO, 0, 1, new byte[0]).encode().length;
        assertThat(new ControlDatagram(Type.RETRY, 0, 1, body(Type.RETRY)).encode())
                .hasSizeLessThan(asked);
        assertThat(ControlDatagram.refusal(0, 1, "x".repeat(5000)).encode()).hasSizeLessThan(asked);
        byte[] shorter = new byte[ControlDatagram.HELLO_BYTES - 1];
        System.arraycopy(new ControlDatagram(Type.HELLO, 0, 1, new byte[0]).encode(), 0, shorter, 0, shorter.length);
        assertThat(ControlDatagram.decode(ByteBuffer.wrap(shorter))).isNull();
    }

    @Test
    void whatIsMalformedIsNothing() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            Type type = Type.values()[random.nextInt(Type.values().length)];
            byte[] bytes = new ControlDatagram(type, 1, 2, body(type)).encode();
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            if (cut.length > 0) {
                cut[random.nextInt(Math.min(24, cut.length))] = (byte) random.nextInt();
            }
            ByteBuffer buffer = ByteBuffer.wrap(cut);
            if (ControlDatagram.isControl(buffer)) {
                ControlDatagram.decode(buffer); // may be anything, but does not throw
            }
            assertThat(buffer.position()).isZero();
        }
    }

    @Test
    void aCookieIsForOneAddressAndNonceAndNotForLong() {
        Cookies cookies = new Cookies(new SecureRandom(), LIFETIME_MS);
        byte[] cookie = cookies.issue(CLIENT, 5, 1000);
        assertThat(cookies.isValid(cookie, CLIENT, 5, 1000 + LIFETIME_MS)).isTrue();
        assertThat(cookies.isValid(cookie, CLIENT, 5, 1001 + LIFETIME_MS)).isFalse();
        assertThat(cookies.isValid(cookie, CLIENT, 5, 999)).isFalse();
        assertThat(cookies.isValid(cookie, CLIENT, 6, 1000)).isFalse();
        assertThat(cookies.isValid(cookie, new InetSocketAddress("192.0.2.7", 4712), 5, 1000))
                .isFalse();
        assertThat(cookies.isValid(cookie, new InetSocketAddress("192.0.2.8", 4711), 5, 1000))
                .isFalse();
        assertThat(new Cookies(new SecureRandom(), LIFETIME_MS).isValid(cookie, CLIENT, 5, 1000))
                .isFalse();
        for (int i = 0; i < cookie.length; i++) {
            byte[] forged = cookie.clone();
            forged[i] ^= 1;
            assertThat(cookies.isValid(forged, CLIENT, 5, 1000))
                    .as("byte %d", i)
                    .isFalse();
        }
    }
}
