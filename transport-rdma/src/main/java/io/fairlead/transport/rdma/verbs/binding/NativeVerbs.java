package io.fairlead.transport.rdma.verbs.binding;

/**
 * The native calls as the verbs' classes make them: handles and codes only, so that no class crosses the border between
 * the two class loaders. A result below zero is a negated error number of Linux, {@code -ESTALE} for a handle that was
 * closed or never was. Any call may be made from any thread. Addresses of memory are not checked.
 */
public interface NativeVerbs {
    /** Opens the two shared libraries of rdma-core; an empty text if they are there, else what the linker said. */
    String load(String rdmacm, String ibverbs);

    /** Name of each RDMA device, a line each; opens none. */
    String deviceNames();

    /** Tries to open device {@code index} and to register a page; 0 or the error of the step named in {@code step[0]}. */
    int tryDevice(int index, int[] step);

    /** Handles of any kind that are open now. */
    int openHandles();

    /** How many requests of this thread's last failed post were posted before the one that failed. */
    int postedBeforeFailure();

    long createEventChannel();

    int destroyEventChannel(long channel);

    /** Waits for an event, stores it as {@code CmEventLayout} says, and acknowledges it; 1, or 0 if none came. */
    int nextCmEvent(long channel, int timeoutMs, long event);

    long createId(long channel);

    int destroyId(long id);

    int bind(long id, long socketAddress);

    int listen(long id, int backlog);

    int resolveAddress(long id, long sourceOrZero, long destination, int timeoutMs);

    int resolveRoute(long id, int timeoutMs);

    /** {@code numbers}: responder resources, initiator depth, retries, RNR retries. */
    int connect(long id, int[] numbers, byte[] privateData);

    int accept(long id, int[] numbers, byte[] privateData);

    int reject(long id, byte[] privateData);

    int disconnect(long id);

    int setIdOption(long id, int option, int value);

    /** Writes up to 28 bytes of {@code sockaddr_in} or {@code sockaddr_in6}. */
    int localAddress(long id, long socketAddress);

    int peerAddress(long id, long socketAddress);

    /** The device that the id is bound to; {@code -ENODEV} if none yet. */
    long context(long id);

    String deviceName(long context);

    int completionVectors(long context);

    int queryDevice(long context, long[] limits);

    /** Waits for an asynchronous event; 1 and {@code event} = {type, handle or 0}, or 0 if none came. */
    int nextAsyncEvent(long context, int timeoutMs, long[] event);

    int wakeDevice(long context);

    long allocateProtectionDomain(long context);

    int deallocateProtectionDomain(long domain);

    /** {@code keys} becomes {local key, remote key}. */
    long registerMemory(long domain, long address, long lengthBytes, int access, int[] keys);

    int deregisterMemory(long registration);

    long createCompletionChannel(long context);

    int destroyCompletionChannel(long channel);

    /** Waits for a completion queue of the channel to have something; its handle, or 0 if none came. */
    long nextCompletionEvent(long channel, int timeoutMs);

    int wakeCompletionChannel(long channel);

    long createCompletionQueue(long context, long channelOrZero, int depth, int vector);

    int destroyCompletionQueue(long queue);

    int completionQueueDepth(long queue);

    int pollCompletions(long queue, int max, long completions);

    int requestNotify(long queue, boolean solicitedOnly);

    int acknowledgeCompletionEvents(long queue, int events);

    /** {@code caps}, asked and granted: send and receive requests, send and receive SGEs, inline bytes. */
    long createQueuePair(long id, long domain, long sendQueue, long receiveQueue, int[] caps);

    int destroyQueuePair(long queuePair);

    int queuePairNumber(long queuePair);

    int queuePairState(long queuePair);

    int setQueuePairError(long queuePair);

    int setMinRnrTimer(long queuePair, int code);

    int postSend(long queuePair, long firstRequest);

    int postReceive(long queuePair, long firstRequest);
}
