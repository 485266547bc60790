package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of connection ids arrive.
 *
 * <p>Meant for one thread that waits in {@link #next}, and there acts on the ids of this channel. Other threads may
 * call anything too; calls on ids of one channel exclude each other, and none of them blocks. The waiting thread should
 * be a platform thread: a virtual one would pin its carrier.
 */
public final class EventChannel implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;
    private final ConcurrentMap<Long, ConnectionId> ids = new ConcurrentHashMap<>();

    EventChannel(NativeVerbs verbs, long handle) {
        this.verbs = verbs;
        this.handle = handle;
    }

    /** A new id, bound to nothing, for reliable connections (port space TCP). The caller closes it. */
    public ConnectionId createId() throws VerbsException {
        return adopt(check(verbs.createId(handle), "create_id"));
    }

    /**
     * Waits up to {@code timeoutMs} milliseconds, 0 for not at all, for an event; null if none came. Events of ids that
     * were closed meanwhile are dropped.
     *
     * @throws VerbsException with {@link Errno#ESTALE} if the channel is closed, also while waiting
     */
    public @Nullable CmEvent next(int timeoutMs) throws VerbsException {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeoutMs is " + timeoutMs);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(CmEventLayout.BYTES, Long.BYTES);
            if (check(verbs.nextCmEvent(handle, timeoutMs, event.address()), "get_cm_event") == 0) {
                return null;
            }
            CmEventType type = CmEventType.of(CmEventLayout.type(event));
            long id = CmEventLayout.id(event);
            ConnectionId concerned = type == CmEventType.CONNECT_REQUEST ? adopt(id) : ids.get(id);
            if (concerned == null) {
                return null;
            }
            return new CmEvent(
                    type,
                    concerned,
                    ids.get(CmEventLayout.listener(event)),
                    CmEventLayout.status(event),
                    CmEventLayout.privateData(event),
                    CmEventLayout.responderResources(event),
                    CmEventLayout.initiatorDepth(event));
        }
    }

    /** Wakes who waits in {@link #next}. Does nothing the second time. @throws VerbsException EBUSY while it has ids */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.destroyEventChannel(handle), "destroy_event_channel");
    }

    private ConnectionId adopt(long id) {
        ConnectionId created = new ConnectionId(verbs, this, id);
        ids.put(id, created);
        return created;
    }

    void forget(long id) {
        ids.remove(id);
    }
}
