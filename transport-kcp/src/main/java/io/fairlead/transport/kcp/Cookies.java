package io.fairlead.transport.kcp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof that a client gets what is sent to the address it writes from, without remembering it: the time, and a MAC (HMAC-SHA256, cut
 * to 16 bytes) of the time, the address and the client's nonce under a key of this listener. One thread only.
 */
final class Cookies {
    static final int BYTES = 24;

    private static final int MAC_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final long lifetimeMs;

    Cookies(SecureRandom random, long lifetimeMs) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
        this.lifetimeMs = lifetimeMs;
    }

    byte[] issue(InetSocketAddress client, long nonce, long nowMs) {
        byte[] cookie = new byte[BYTES];
        ByteBuffer.wrap(cookie).putLong(nowMs).put(sign(client, nonce, nowMs), 0, MAC_BYTES);
        return cookie;
    }

    /** Whether the first bytes of a body are a cookie for this client, given not long ago. */
    boolean isValid(byte[] body, InetSocketAddress client, long nonce, long nowMs) {
        if (body.length < BYTES) {
            return false;
        }
        long issuedMs = ByteBuffer.wrap(body).getLong();
        byte[] expected = Arrays.copyOf(sign(client, nonce, issuedMs), MAC_BYTES);
        byte[] given = Arrays.copyOfRange(body, BYTES - MAC_BYTES, BYTES);
        return MessageDigest.isEqual(expected, given) && nowMs - issuedMs >= 0 && nowMs - issuedMs <= lifetimeMs;
    }

    private byte[] sign(InetSocketAddress client, long nonce, long issuedMs) {
        byte[] address = client.getAddress().getAddress();
        mac.update(ByteBuffer.allocate(20 + address.length)
                .putLong(issuedMs)
                .putLong(nonce)
                .putInt(client.getPort())
                .put(address)
                .flip());
        return mac.doFinal();
    }
}
