package io.fairlead.transport.rdma.verbs;

/**
 * What one end says when it connects or accepts ({@code rdma_connect(3)}).
 *
 * @param responderResources reads and atomics that the peer may have in flight towards us
 * @param initiatorDepth reads and atomics that we may have in flight towards the peer; the smaller of this and the
 *     peer's resources counts
 * @param retryCount 0 to 7: how often a packet without acknowledgement is sent again. 7 is for ever on Soft-RoCE
 * @param rnrRetryCount 0 to 6: how often a receiver without a posted receive is tried again; 7 is for ever
 * @param privateData up to {@link #MAX_REQUEST_DATA} bytes in a request, {@link #MAX_ACCEPT_DATA} in an answer; the
 *     peer sees it padded with zeros, so it must carry its length
 */
public record ConnectionParameters(
        int responderResources, int initiatorDepth, int retryCount, int rnrRetryCount, byte[] privateData) {
    /** Bytes left to us in a connection request of the TCP port space. */
    public static final int MAX_REQUEST_DATA = 56;

    /** Bytes in an accepting answer. */
    public static final int MAX_ACCEPT_DATA = 196;

    /** Bytes in a rejecting answer. */
    public static final int MAX_REJECT_DATA = 148;

    public ConnectionParameters {
        checkRange("responderResources", responderResources, 255);
        checkRange("initiatorDepth", initiatorDepth, 255);
        checkRange("retryCount", retryCount, 7);
        checkRange("rnrRetryCount", rnrRetryCount, 7);
        checkRange("length of privateData", privateData.length, MAX_ACCEPT_DATA);
        privateData = privateData.clone();
    }

    @Override
    public byte[] privateData() {
        return privateData.clone();
    }

    int[] numbers() {
        return new int[] {responderResources, initiatorDepth, retryCount, rnrRetryCount};
    }

    private static void checkRange(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", not in 0 to " + max);
        }
    }
}
