package io.fairlead.transport.kcp.protocol;

/** Where the counting starts: at 0 on every wire, near the end of the 32 bits in tests. @param stampMs added to the clock */
record FirstNumbers(int sent, int received, int stampMs) {
    static final FirstNumbers ZERO = new FirstNumbers(0, 0, 0);
}
