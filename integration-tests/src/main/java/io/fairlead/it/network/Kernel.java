package io.fairlead.it.network;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few system calls of Linux that the emulator needs and Java does not have. Numbers are those of the generic ABI
 * (x86-64, AArch64, RISC-V). An instance holds its own {@code errno}, so each thread needs its own.
 *
 * <p>Pointers are passed as {@code long}: the relay passes a different one for each packet and shall not allocate.
 */
final class Kernel {
    static final int READ_WRITE = 2;
    static final int NON_BLOCKING = 0x800;
    static final int CLOSE_ON_EXEC = 0x80000;

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int SCHED_RR = 2;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final long TUNSETIFF = 0x400454ca;
    private static final short TUN_WITHOUT_HEADER_EXCLUSIVE = (short) (0x0001 | 0x1000 | 0x8000);
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS_AT = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).withInvokeExactBehavior();

    private static final MethodHandle OPEN = variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            plain("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE =
            plain("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PPOLL =
            plain("ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle SETNS = plain("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SET_SCHEDULER =
            plain("sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle PRCTL =
            variadic("prctl", 1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);

    int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return checked("open " + path, (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags));
        } catch (Throwable e) {
            throw passedOn(e);
        }
    }

    void close(int fd) throws IOException {
        try {
            checked("close", (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw passedOn(e);
        }
    }

    /** A TUN device of that name, in the namespace of this thread; it lives until the descriptor is closed. */
    int openTun(String name) throws IOException {
        int fd = open("/dev/net/tun", READ_WRITE | NON_BLOCKING | CLOSE_ON_EXEC);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
            request.setString(0, name);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS_AT, TUN_WITHOUT_HEADER_EXCLUSIVE);
            checked("TUNSETIFF " + name, (int) IOCTL.invokeExact(state, fd, TUNSETIFF, request));
            return fd;
        } catch (Throwable e) {
            close(fd);
            throw passedOn(e);
        }
    }

    /** Bytes read, 0 at the end, -1 if there is nothing now. */
    int read(int fd, long address, int bytes) throws IOException {
        try {
            long got = (long) READ.invokeExact(state, fd, address, (long) bytes);
            if (got >= 0) {
                return (int) got;
            }
            return wouldBlock() ? -1 : checked("read", -1);
        } catch (Throwable e) {
            throw passedOn(e);
        }
    }

    /** Whether all bytes were written, as a packet; not if the device is down or has no room. */
    boolean write(int fd, long address, int bytes) {
        try {
            return (long) WRITE.invokeExact(state, fd, address, (long) bytes) == bytes;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for one of the {@code pollfd} structures, or until the {@code timespec}. */
    void poll(long pollFds, int count, long timespec) throws IOException {
        try {
            if ((int) PPOLL.invokeExact(state, pollFds, (long) count, timespec, 0L) < 0 && errno() != EINTR) {
                checked("ppoll", -1);
            }
        } catch (Throwable e) {
            throw passedOn(e);
        }
    }

    /** Moves this thread, and the threads it starts from now on, into the network namespace. */
    void enterNetwork(String path) throws IOException {
        int fd = open(path, CLOSE_ON_EXEC);
        try {
            checked("setns " + path, (int) SETNS.invokeExact(state, fd, CLONE_NEWNET));
        } catch (Throwable e) {
            throw passedOn(e);
        } finally {
            close(fd);
        }
    }

    /**
     * Lets this thread run before all ordinary ones, where permitted, and its timers be exact. Without, a busy machine
     * makes packets late by whole time slices.
     */
    boolean preferThisThread() {
        try (Arena arena = Arena.ofConfined()) {
            boolean exact = (int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, 1L) == 0;
            MemorySegment priority = arena.allocateFrom(JAVA_INT, 1);
            return (int) SET_SCHEDULER.invokeExact(state, 0, SCHED_RR, priority) == 0 && exact;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private int checked(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed with errno " + errno());
        }
        return result;
    }

    private boolean wouldBlock() {
        int errno = errno();
        return errno == EAGAIN || errno == EINTR;
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException passedOn(Throwable e) {
        if (e instanceof IOException io) {
            return io;
        }
        throw new AssertionError(e);
    }

    private static MethodHandle plain(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor type) {
        Linker.Option[] options = type.argumentLayouts().size() > fixed
                ? new Linker.Option[] {Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(fixed)}
                : new Linker.Option[] {Linker.Option.captureCallState("errno")};
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
}
