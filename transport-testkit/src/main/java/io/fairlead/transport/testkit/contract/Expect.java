package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Comparisons that the promises share. */
final class Expect {
    private Expect() {}

    static void equal(String what, long expected, long found) {
        if (found != expected) {
            throw new AssertionError(what + " is " + found + ", wanted " + expected);
        }
    }

    static void atMost(String what, long most, long found) {
        if (found > most) {
            throw new AssertionError(what + " is " + found + ", allowed are " + most);
        }
    }

    static void code(String what, ErrorCode expected, @Nullable TransportException failure) {
        oneOf(what, Set.of(expected), failure);
    }

    static void oneOf(String what, Set<ErrorCode> expected, @Nullable TransportException failure) {
        if (failure == null || !expected.contains(failure.code())) {
            throw new AssertionError(
                    what + (failure == null ? " succeeded" : " failed with " + failure.code()) + ", wanted " + expected,
                    failure);
        }
    }

    /** That a {@code try…} form refused so. */
    static void refusal(String what, ErrorCode expected, long answer) {
        if (answer >= 0) {
            throw new AssertionError(what + " was accepted, wanted " + expected);
        }
        if (ErrorCode.ofRefusal(answer) != expected) {
            throw new AssertionError(what + " was refused by " + ErrorCode.ofRefusal(answer) + ", wanted " + expected);
        }
    }

    static void open(String what, Connection connection) {
        if (connection.state() != State.OPEN) {
            throw new AssertionError(what + " ended the connection, which is " + connection.state());
        }
    }

    static void thrown(String what, Class<? extends RuntimeException> expected, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            if (expected.isInstance(e)) {
                return;
            }
            throw new AssertionError(what + " threw " + e + ", wanted " + expected.getSimpleName(), e);
        }
        throw new AssertionError(what + " was not refused by " + expected.getSimpleName());
    }
}
