package io.fairlead.transport.rdma.verbs;

/**
 * Something a device reports outside of any completion queue ({@code ibv_get_async_event(3)}).
 *
 * @param type what happened
 * @param handle which object of ours is concerned, 0 if it is the device or a port
 */
public record AsyncEvent(AsyncEventType type, long handle) {
    public boolean concerns(CompletionQueue queue) {
        return handle == queue.handle();
    }

    public boolean concerns(QueuePair queuePair) {
        return handle == queuePair.handle();
    }
}
