package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every native call that takes a handle, made on one handle. */
final class HandleCalls {
    private HandleCalls() {}

    /** What each call answered, by its name. */
    static Map<String, Long> all(NativeVerbs verbs, long handle) {
        Map<String, Long> results = new LinkedHashMap<>();
        int[] numbers = new int[5];
        results.put("destroyEventChannel", (long) verbs.destroyEventChannel(handle));
        results.put("nextCmEvent", (long) verbs.nextCmEvent(handle, 0, 0));
        results.put("createId", verbs.createId(handle));
        results.put("destroyId", (long) verbs.destroyId(handle));
        results.put("bind", (long) verbs.bind(handle, 0));
        results.put("listen", (long) verbs.listen(handle, 1));
        results.put("resolveAddress", (long) verbs.resolveAddress(handle, 0, 0, 1));
        results.put("resolveRoute", (long) verbs.resolveRoute(handle, 1));
        results.put("connect", (long) verbs.connect(handle, numbers, new byte[1]));
        results.put("accept", (long) verbs.accept(handle, numbers, new byte[1]));
        results.put("reject", (long) verbs.reject(handle, new byte[1]));
        results.put("disconnect", (long) verbs.disconnect(handle));
        results.put("setIdOption", (long) verbs.setIdOption(handle, 3, 14));
        results.put("localAddress", (long) verbs.localAddress(handle, 0));
        results.put("peerAddress", (long) verbs.peerAddress(handle, 0));
        results.put("context", verbs.context(handle));
        results.put("completionVectors", (long) verbs.completionVectors(handle));
        results.put("queryDevice", (long) verbs.queryDevice(handle, new long[DeviceLimits.COUNT]));
        results.put("nextAsyncEvent", (long) verbs.nextAsyncEvent(handle, 0, new long[2]));
        results.put("wakeDevice", (long) verbs.wakeDevice(handle));
        results.put("allocateProtectionDomain", verbs.allocateProtectionDomain(handle));
        results.put("deallocateProtectionDomain", (long) verbs.deallocateProtectionDomain(handle));
        results.put("registerMemory", verbs.registerMemory(handle, 0, 1, 1, numbers));
        results.put("deregisterMemory", (long) verbs.deregisterMemory(handle));
        results.put("createCompletionChannel", verbs.createCompletionChannel(handle));
        results.put("destroyCompletionChannel", (long) verbs.destroyCompletionChannel(handle));
        results.put("nextCompletionEvent", verbs.nextCompletionEvent(handle, 0));
        results.put("createCompletionQueue", verbs.createCompletionQueue(handle, 0, 16, 0));
        results.put("destroyCompletionQueue", (long) verbs.destroyCompletionQueue(handle));
        results.put("completionQueueDepth", (long) verbs.completionQueueDepth(handle));
        results.put("pollCompletions", (long) verbs.pollCompletions(handle, 1, 0));
        results.put("requestNotify", (long) verbs.requestNotify(handle, false));
        results.put("acknowledgeCompletionEvents", (long) verbs.acknowledgeCompletionEvents(handle, 0));
        results.put("createQueuePair", verbs.createQueuePair(handle, handle, handle, handle, numbers));
        results.put("destroyQueuePair", (long) verbs.destroyQueuePair(handle));
        results.put("queuePairNumber", (long) verbs.queuePairNumber(handle));
        results.put("queuePairState", (long) verbs.queuePairState(handle));
        results.put("setQueuePairError", (long) verbs.setQueuePairError(handle));
        results.put("setMinRnrTimer", (long) verbs.setMinRnrTimer(handle, 12));
        results.put("postSend", (long) verbs.postSend(handle, 0));
        results.put("postReceive", (long) verbs.postReceive(handle, 0));
        return results;
    }
}
