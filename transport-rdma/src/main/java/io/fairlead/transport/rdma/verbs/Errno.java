package io.fairlead.transport.rdma.verbs;

import java.util.HashMap;
import java.util.Map;

/** The error numbers of Linux that the verbs answer with; the same on x86-64 and AArch64 ({@code asm-generic/errno.h}). */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file"),
    EIO(5, "input/output error"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory, or a queue is full"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address"),
    EBUSY(16, "still in use by another object"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument or state"),
    EMFILE(24, "too many open files"),
    ENOSPC(28, "no space in a table of the device"),
    ENOSYS(38, "not implemented"),
    EOVERFLOW(75, "value too large"),
    ENOTSUP(95, "not supported by the device"),
    EAFNOSUPPORT(97, "address family not supported"),
    EADDRINUSE(98, "address in use"),
    EADDRNOTAVAIL(99, "address not available"),
    ENETUNREACH(101, "network unreachable"),
    ENOTCONN(107, "not connected"),
    ETIMEDOUT(110, "timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "no route to host"),
    /** Not of the kernel here: the object was closed, or its handle never was one. */
    ESTALE(116, "closed"),
    /** Any other number. */
    OTHER(0, "error");

    private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();

    static {
        for (Errno errno : values()) {
            BY_NUMBER.put(errno.number, errno);
        }
    }

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    /** The constant of this number, else {@link #OTHER}. */
    public static Errno of(int number) {
        return BY_NUMBER.getOrDefault(number, OTHER);
    }

    static String describe(int number) {
        Errno errno = of(number);
        return errno == OTHER ? "error " + number : errno + " (" + number + ", " + errno.text + ")";
    }
}
