package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import org.jspecify.annotations.Nullable;

/** An open RDMA device. It stays open as long as the process lives; two of the same device are equal. */
public final class Device {
    private final NativeVerbs verbs;
    private final long handle;

    Device(NativeVerbs verbs, long handle) {
        this.verbs = verbs;
        this.handle = handle;
    }

    public String name() {
        return verbs.deviceName(handle);
    }

    public DeviceLimits limits() throws VerbsException {
        long[] values = new long[DeviceLimits.COUNT];
        check(verbs.queryDevice(handle, values), "query_device " + name());
        return DeviceLimits.of(values);
    }

    /** How many interrupt vectors there are to spread completion queues over. */
    public int completionVectors() {
        return verbs.completionVectors(handle);
    }

    /** What is registered in one domain can only be reached through queue pairs of the same. The caller closes it. */
    public ProtectionDomain allocateProtectionDomain() throws VerbsException {
        return new ProtectionDomain(verbs, check(verbs.allocateProtectionDomain(handle), "alloc_pd on " + name()));
    }

    /** The caller closes it, after its completion queues. */
    public CompletionChannel createCompletionChannel() throws VerbsException {
        return new CompletionChannel(
                verbs, check(verbs.createCompletionChannel(handle), "create_comp_channel on " + name()));
    }

    /**
     * A queue for at least {@code depth} completions, which must hold all that its queue pairs can have posted: what
     * does not fit is lost. The caller closes it, after its queue pairs.
     *
     * @param channel where it announces completions on request, or null if it will only be polled
     * @param vector below {@link #completionVectors}
     */
    public CompletionQueue createCompletionQueue(@Nullable CompletionChannel channel, int depth, int vector)
            throws VerbsException {
        long channelHandle = channel == null ? 0 : channel.handle();
        long queue = check(
                verbs.createCompletionQueue(handle, channelHandle, depth, vector),
                "create_cq of depth " + depth + ", vector " + vector + ", on " + name());
        CompletionQueue created = new CompletionQueue(verbs, queue, verbs.completionQueueDepth(queue), channel);
        if (channel != null) {
            channel.add(created);
        }
        return created;
    }

    /**
     * Waits up to {@code timeoutMs} for an asynchronous event of this device; null if none came. One thread should do
     * this for each device: an event goes to one caller only. It should be a platform thread: a virtual one would pin
     * its carrier.
     *
     * @throws VerbsException {@link Errno#EIO} once the device is gone
     */
    public @Nullable AsyncEvent nextAsyncEvent(int timeoutMs) throws VerbsException {
        long[] event = new long[2];
        if (check(verbs.nextAsyncEvent(handle, timeoutMs, event), "get_async_event of " + name()) == 0) {
            return null;
        }
        return new AsyncEvent(AsyncEventType.of((int) event[0]), event[1]);
    }

    /** Lets who waits in {@link #nextAsyncEvent} go on without an event, or who does so next. Any thread. */
    public void wake() throws VerbsException {
        check(verbs.wakeDevice(handle), "wake who waits for events of " + name());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Device device && device.handle == handle;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(handle);
    }

    @Override
    public String toString() {
        return name();
    }
}
