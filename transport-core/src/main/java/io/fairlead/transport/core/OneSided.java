package io.fairlead.transport.core;

/**
 * The way past the frames that a wire with hardware behind it offers: operations on memory go straight from memory to memory, in the
 * order of submission with what the stream carries. For the loop only.
 */
public interface OneSided {
    /**
     * Takes an operation, to be posted with all that follows in this turn. When its memory is no longer touched from here, the wire
     * says so by one of {@link Engine#oneSidedDone}, {@link Engine#oneSidedRefused} and {@link Engine#oneSidedLost}.
     *
     * @return false if there is no room; it is offered again at the next {@link Engine#output}
     */
    boolean post(OneSidedOperation operation);
}
