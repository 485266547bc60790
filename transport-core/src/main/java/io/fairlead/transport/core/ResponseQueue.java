package io.fairlead.transport.core;

import org.jspecify.annotations.Nullable;

/**
 * What this side owes the peer's reads and atomics, in the order asked. Bounded by the operations in flight that the
 * handshake allowed; a peer that asks for more breaks the protocol. For the loop only.
 */
final class ResponseQueue {
    /** An answer; used again and again. */
    static final class Response {
        int sequence;
        boolean atomic;
        long value;

        @Nullable
        RegionGrant grant;

        long offset;
        long remaining;
        int viewsOut;
        boolean framed;
    }

    private final int limit;
    private Response[] ring = new Response[0];
    private int head;
    private int size;

    ResponseQueue(int limit) {
        this.limit = limit;
    }

    /** The next free answer, or null at the limit. */
    @Nullable
    Response add() {
        if (size == limit) {
            return null;
        }
        if (size == ring.length) {
            grow();
        }
        Response response = ring[(head + size++) & (ring.length - 1)];
        response.viewsOut = 0;
        response.framed = false;
        response.grant = null;
        return response;
    }

    private void grow() {
        Response[] larger = new Response[Math.max(8, size * 2)];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = i < size ? ring[(head + i) & (ring.length - 1)] : new Response();
        }
        ring = larger;
        head = 0;
    }

    /** The oldest answer that is not wholly in frames, or null. */
    @Nullable
    Response next() {
        for (int i = 0; i < size; i++) {
            Response response = ring[(head + i) & (ring.length - 1)];
            if (!response.framed) {
                return response;
            }
        }
        return null;
    }

    /** Lets go of the oldest answers that have left. */
    void removeSent() {
        while (size > 0 && ring[head].framed && ring[head].viewsOut == 0) {
            release(ring[head]);
            head = (head + 1) & (ring.length - 1);
            size--;
        }
    }

    /** The oldest answer from the memory of a grant, or null. */
    @Nullable
    Response using(RegionGrant grant) {
        for (int i = 0; i < size; i++) {
            Response response = ring[(head + i) & (ring.length - 1)];
            if (response.grant == grant) {
                return response;
            }
        }
        return null;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            release(ring[(head + i) & (ring.length - 1)]);
        }
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private static void release(Response response) {
        RegionGrant grant = response.grant;
        if (grant != null) {
            response.grant = null;
            grant.leave();
        }
    }
}
