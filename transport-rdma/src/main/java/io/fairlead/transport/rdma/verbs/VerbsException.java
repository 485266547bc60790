package io.fairlead.transport.rdma.verbs;

import java.io.IOException;

/** A call of the RDMA stack failed. The message names the call, what it was made on, and the error with its number. */
public final class VerbsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final int posted;

    VerbsException(String what, int number) {
        this(what, number, 0);
    }

    VerbsException(String what, int number, int posted) {
        super(what + ": " + Errno.describe(number));
        this.number = number;
        this.posted = posted;
    }

    public Errno errno() {
        return Errno.of(number);
    }

    /** The number itself, for those that {@link Errno} does not know. */
    public int errnoNumber() {
        return number;
    }

    /** After a failed post: how many requests of the chain were posted and will complete; the others were not. */
    public int postedBeforeFailure() {
        return posted;
    }

    /** {@code result}, unless it is a negated error number. {@code what} is the call and what it was made on. */
    static long check(long result, String what) throws VerbsException {
        if (result < 0) {
            throw new VerbsException(what, (int) -result);
        }
        return result;
    }

    static int check(int result, String what) throws VerbsException {
        return (int) check((long) result, what);
    }

    /** The result of a destroying call: closing what is closed already does nothing. */
    static void checkClose(int result, String what) throws VerbsException {
        if (result != -Errno.ESTALE.number()) {
            check(result, what);
        }
    }
}
