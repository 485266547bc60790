package io.fairlead.transport.kcp.protocol;

/**
 * Serial arithmetic (RFC 1982) on the 32-bit numbers of the wire: sequence numbers and millisecond stamps wrap, so that only
 * the sign of a difference has a meaning, and only between numbers less than 2^31 apart.
 */
final class Serial {
    private Serial() {}

    static boolean before(int a, int b) {
        return a - b < 0;
    }

    static boolean after(int a, int b) {
        return a - b > 0;
    }

    /** Whether {@code number} lies in {@code [from, to)}, where {@code to} is not before {@code from}. */
    static boolean within(int number, int from, int to) {
        return Integer.compareUnsigned(number - from, to - from) < 0;
    }
}
