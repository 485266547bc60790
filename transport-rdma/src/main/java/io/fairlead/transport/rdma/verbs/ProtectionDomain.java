package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A set of registrations and queue pairs that may work together. */
public final class ProtectionDomain implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;

    ProtectionDomain(NativeVerbs verbs, long handle) {
        this.verbs = verbs;
        this.handle = handle;
    }

    /**
     * Registers off-heap memory of any length: locks its pages, and lets the device reach them with these rights.
     * Blocks while pages are brought in, milliseconds for each gigabyte or more. The caller closes the registration
     * before the memory's arena; until then the memory must stay allocated.
     *
     * @throws VerbsException {@link Errno#ENOMEM} if more would be locked than the process may; the message names the
     *     limit
     */
    public MemoryRegistration register(MemorySegment memory, Access... rights) throws VerbsException {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("only off-heap memory can be registered");
        }
        int[] keys = new int[2];
        long result = verbs.registerMemory(handle, memory.address(), memory.byteSize(), Access.bits(rights), keys);
        if (result < 0) {
            String what = "reg_mr of " + memory.byteSize() + " bytes, rights " + Arrays.toString(rights);
            if (isLimitOfLockedMemory((int) -result)) {
                what += ", limit of locked memory RLIMIT_MEMLOCK " + limit() + " (ulimit -l)";
            }
            throw new VerbsException(what, (int) -result);
        }
        return new MemoryRegistration(verbs, result, memory, keys[0], keys[1]);
    }

    /** Linux answers ENOMEM over the limit, EPERM if that is 0, and some drivers EAGAIN. */
    static boolean isLimitOfLockedMemory(int errno) {
        return switch (Errno.of(errno)) {
            case ENOMEM, EPERM, EAGAIN -> true;
            default -> false;
        };
    }

    static String limit() {
        long bytes = Rdma.lockedMemoryLimitBytes();
        return bytes == Long.MAX_VALUE ? "unlimited" : bytes + " bytes";
    }

    long handle() {
        return handle;
    }

    /** Does nothing the second time. @throws VerbsException EBUSY while it has registrations or queue pairs */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.deallocateProtectionDomain(handle), "dealloc_pd");
    }
}
