package io.fairlead.transport.rdma.verbs.disni;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Polling and posting in the same library, by calls that leave out what JNI does on the way: they last some hundred nanoseconds, never
 * block and never call back, so the thread's state need not change. Under them the JVM waits with a safepoint until they return.
 */
final class DataPath {
    private static final MethodHandle POLL = function("fairlead_poll_cq", JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle POST_SEND = function("fairlead_post_send", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle POST_RECEIVE = function("fairlead_post_recv", JAVA_LONG, JAVA_LONG);

    private DataPath() {}

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.loaderLookup().findOrThrow(name),
                        FunctionDescriptor.of(JAVA_INT, arguments),
                        Linker.Option.critical(false));
    }

    static int poll(long queue, int max, long completions) {
        try {
            return (int) POLL.invokeExact(queue, max, completions);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    static int postSend(long queuePair, long firstRequest) {
        try {
            return (int) POST_SEND.invokeExact(queuePair, firstRequest);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    static int postReceive(long queuePair, long firstRequest) {
        try {
            return (int) POST_RECEIVE.invokeExact(queuePair, firstRequest);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /** Native code throws nothing: it is an error of the JVM. */
    private static RuntimeException thrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
