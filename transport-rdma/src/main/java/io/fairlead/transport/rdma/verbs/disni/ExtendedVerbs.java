package io.fairlead.transport.rdma.verbs.disni;

/**
 * The calls that DiSNI's {@code NativeDispatcher} lacks, in the same library. All handles are those that it uses, too.
 * What they do is said in {@code NativeVerbs}; results below zero are negated error numbers.
 *
 * <p>The dispatcher loads the library, for all classes of its class loader; so it must be initialized before a call here.
 */
final class ExtendedVerbs {
    private ExtendedVerbs() {}

    static native String load(String rdmacm, String ibverbs);

    /** The error number of this thread's last call of DiSNI's natives that failed. */
    static native int lastErrno();

    static native int postedBeforeFailure();

    static native int openHandles();

    static native String deviceNames();

    static native int tryDevice(int index, int[] step);

    static native int nextCmEvent(long channel, int timeoutMs, long event);

    static native int connect(long id, int[] numbers, byte[] privateData);

    static native int accept(long id, int[] numbers, byte[] privateData);

    static native int reject(long id, byte[] privateData);

    static native int setIdOption(long id, int option, int value);

    static native int localAddress(long id, long socketAddress);

    static native int peerAddress(long id, long socketAddress);

    static native String deviceName(long context);

    static native int queryDevice(long context, long[] limits);

    static native int nextAsyncEvent(long context, int timeoutMs, long[] event);

    static native int wakeDevice(long context);

    static native long registerMemory(long domain, long address, long lengthBytes, int access, int[] keys);

    static native long nextCompletionEvent(long channel, int timeoutMs);

    static native int wakeCompletionChannel(long channel);

    static native int completionQueueDepth(long queue);

    static native long createQueuePair(long id, long domain, long sendQueue, long receiveQueue, int[] caps);

    static native int destroyQueuePair(long queuePair);

    static native int queuePairState(long queuePair);

    static native int setMinRnrTimer(long queuePair, int code);
}
