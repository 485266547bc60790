package io.fairlead.transport.rdma.verbs.disni;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.impl.NativeDispatcher;
import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.IOException;
import java.lang.reflect.Constructor;

/**
 * The native calls through DiSNI's {@link NativeDispatcher}, and through {@link ExtendedVerbs} where that has none or
 * one that loses something; those of the data path through {@link DataPath}.
 *
 * <p>DiSNI's objects above the dispatcher are not used: its ids stay in a map for ever, an object is marked closed
 * before the native call that may fail, an IPv6 address is cut to four bytes, and of an event only the type is left.
 */
public final class DisniVerbs implements NativeVerbs {
    private final NativeDispatcher dispatcher;

    public DisniVerbs() throws ReflectiveOperationException {
        // The class is public and its constructor is not; DiSNI's own way to it keeps it in a private field.
        Constructor<NativeDispatcher> constructor = NativeDispatcher.class.getDeclaredConstructor();
        constructor.setAccessible(true);
        dispatcher = constructor.newInstance();
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    /** DiSNI's natives throw; the number that they threw for is kept by the library. */
    private static int failed() {
        return -ExtendedVerbs.lastErrno();
    }

    private static long handle(Call<Long> call) {
        try {
            return call.run();
        } catch (IOException e) {
            return failed();
        }
    }

    private static int code(Call<Integer> call) {
        try {
            return call.run() < 0 ? failed() : 0;
        } catch (IOException e) {
            return failed();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static int done(Action action) {
        try {
            action.run();
            return 0;
        } catch (IOException e) {
            return failed();
        }
    }

    @Override
    public String load(String rdmacm, String ibverbs) {
        return ExtendedVerbs.load(rdmacm, ibverbs);
    }

    @Override
    public String deviceNames() {
        return ExtendedVerbs.deviceNames();
    }

    @Override
    public int tryDevice(int index, int[] step) {
        return ExtendedVerbs.tryDevice(index, step);
    }

    @Override
    public int openHandles() {
        return ExtendedVerbs.openHandles();
    }

    @Override
    public int postedBeforeFailure() {
        return ExtendedVerbs.postedBeforeFailure();
    }

    @Override
    public long createEventChannel() {
        return handle(dispatcher::_createEventChannel);
    }

    @Override
    public int destroyEventChannel(long channel) {
        return code(() -> dispatcher._destroyEventChannel(channel));
    }

    @Override
    public int nextCmEvent(long channel, int timeoutMs, long event) {
        return ExtendedVerbs.nextCmEvent(channel, timeoutMs, event);
    }

    @Override
    public long createId(long channel) {
        return handle(() -> dispatcher._createId(channel, RdmaCm.RDMA_PS_TCP));
    }

    @Override
    public int destroyId(long id) {
        return code(() -> dispatcher._destroyCmId(id));
    }

    @Override
    public int bind(long id, long socketAddress) {
        return done(() -> dispatcher._bindAddr(id, socketAddress));
    }

    @Override
    public int listen(long id, int backlog) {
        return done(() -> dispatcher._listen(id, backlog));
    }

    @Override
    public int resolveAddress(long id, long sourceOrZero, long destination, int timeoutMs) {
        return done(() -> dispatcher._resolveAddr(id, sourceOrZero, destination, timeoutMs));
    }

    @Override
    public int resolveRoute(long id, int timeoutMs) {
        return done(() -> dispatcher._resolveRoute(id, timeoutMs));
    }

    @Override
    public int connect(long id, int[] numbers, byte[] privateData) {
        return ExtendedVerbs.connect(id, numbers, privateData);
    }

    @Override
    public int accept(long id, int[] numbers, byte[] privateData) {
        return ExtendedVerbs.accept(id, numbers, privateData);
    }

    @Override
    public int reject(long id, byte[] privateData) {
        return ExtendedVerbs.reject(id, privateData);
    }

    @Override
    public int disconnect(long id) {
        return code(() -> dispatcher._disconnect(id));
    }

    @Override
    public int setIdOption(long id, int option, int value) {
        return ExtendedVerbs.setIdOption(id, option, value);
    }

    @Override
    public int localAddress(long id, long socketAddress) {
        return ExtendedVerbs.localAddress(id, socketAddress);
    }

    @Override
    public int peerAddress(long id, long socketAddress) {
        return ExtendedVerbs.peerAddress(id, socketAddress);
    }

    @Override
    public long context(long id) {
        return handle(() -> dispatcher._getContext(id));
    }

    @Override
    public String deviceName(long context) {
        return ExtendedVerbs.deviceName(context);
    }

    @Override
    public int completionVectors(long context) {
        return (int) handle(() -> (long) dispatcher._getContextNumCompVectors(context));
    }

    @Override
    public int queryDevice(long context, long[] limits) {
        return ExtendedVerbs.queryDevice(context, limits);
    }

    @Override
    public int nextAsyncEvent(long context, int timeoutMs, long[] event) {
        return ExtendedVerbs.nextAsyncEvent(context, timeoutMs, event);
    }

    @Override
    public int wakeDevice(long context) {
        return ExtendedVerbs.wakeDevice(context);
    }

    @Override
    public long allocateProtectionDomain(long context) {
        return handle(() -> dispatcher._allocPd(context));
    }

    @Override
    public int deallocateProtectionDomain(long domain) {
        return code(() -> dispatcher._deallocPd(domain));
    }

    @Override
    public long registerMemory(long domain, long address, long lengthBytes, int access, int[] keys) {
        return ExtendedVerbs.registerMemory(domain, address, lengthBytes, access, keys);
    }

    @Override
    public int deregisterMemory(long registration) {
        return done(() -> dispatcher._deregMr(registration));
    }

    @Override
    public long createCompletionChannel(long context) {
        return handle(() -> dispatcher._createCompChannel(context));
    }

    @Override
    public int destroyCompletionChannel(long channel) {
        return code(() -> dispatcher._destroyCompChannel(channel));
    }

    @Override
    public int wakeCompletionChannel(long channel) {
        return ExtendedVerbs.wakeCompletionChannel(channel);
    }

    @Override
    public long nextCompletionEvent(long channel, int timeoutMs) {
        return ExtendedVerbs.nextCompletionEvent(channel, timeoutMs);
    }

    @Override
    public long createCompletionQueue(long context, long channelOrZero, int depth, int vector) {
        return handle(() -> dispatcher._createCQ(context, channelOrZero, depth, vector));
    }

    @Override
    public int destroyCompletionQueue(long queue) {
        return code(() -> dispatcher._destroyCQ(queue));
    }

    @Override
    public int completionQueueDepth(long queue) {
        return ExtendedVerbs.completionQueueDepth(queue);
    }

    @Override
    public int pollCompletions(long queue, int max, long completions) {
        return DataPath.poll(queue, max, completions);
    }

    // No lambdas in these two: they would capture and so allocate, each time a poller sleeps.

    @Override
    public int requestNotify(long queue, boolean solicitedOnly) {
        try {
            return dispatcher._reqNotifyCQ(queue, solicitedOnly ? 1 : 0);
        } catch (IOException e) {
            return failed();
        }
    }

    @Override
    public int acknowledgeCompletionEvents(long queue, int events) {
        return dispatcher._ackCqEvent(queue, events) < 0 ? failed() : 0;
    }

    @Override
    public long createQueuePair(long id, long domain, long sendQueue, long receiveQueue, int[] caps) {
        return ExtendedVerbs.createQueuePair(id, domain, sendQueue, receiveQueue, caps);
    }

    @Override
    public int destroyQueuePair(long queuePair) {
        return ExtendedVerbs.destroyQueuePair(queuePair);
    }

    @Override
    public int queuePairNumber(long queuePair) {
        return (int) handle(() -> (long) dispatcher._getQpNum(queuePair));
    }

    @Override
    public int queuePairState(long queuePair) {
        return ExtendedVerbs.queuePairState(queuePair);
    }

    /** DiSNI passes no attributes with this call, so ours takes it for the one transition that is wanted. */
    @Override
    public int setQueuePairError(long queuePair) {
        return code(() -> dispatcher._modifyQP(queuePair, 0));
    }

    @Override
    public int setMinRnrTimer(long queuePair, int code) {
        return ExtendedVerbs.setMinRnrTimer(queuePair, code);
    }

    @Override
    public int postSend(long queuePair, long firstRequest) {
        return DataPath.postSend(queuePair, firstRequest);
    }

    @Override
    public int postReceive(long queuePair, long firstRequest) {
        return DataPath.postReceive(queuePair, firstRequest);
    }
}
