package io.fairlead.transport.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text for the wire. */
final class TextBytes {
    private TextBytes() {}

    /** UTF-8, cut at {@code limit} bytes without splitting a character. */
    static byte[] cut(String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limit) {
            return bytes;
        }
        int end = limit;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
