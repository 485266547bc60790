package io.fairlead.transport.core;

/**
 * The way past the frames that a wire with hardware behind it offers: operations on memory go straight from memory to memory, in the
 * order of submission with what the stream carries. A long one goes in parts, so that a keep-alive finds its way between them. For the
 * loop only.
 */
public interface OneSided {
    /** The most bytes of one part; always the same, and enough for an atomic. */
    int partBytes();

    /**
     * Takes a part of an operation, to be posted with all that follows in this turn. When its memory is no longer touched from here, the
     * wire says so by one of {@link Engine#oneSidedDone}, {@link Engine#oneSidedRefused} and {@link Engine#oneSidedOver}.
     *
     * @param from where in the operation's range the part begins
     * @param last whether the operation is whole with it; only then the peer is notified
     * @return false if there is no room; it is offered again at the next {@link Engine#output}
     */
    boolean post(OneSidedOperation operation, long from, int bytes, boolean last);
}
