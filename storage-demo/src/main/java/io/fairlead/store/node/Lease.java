package io.fairlead.store.node;

import io.fairlead.transport.MemoryRegion;

/**
 * A client's time with a slot. It ends once: the client gives the slot back or commits it, or its connection closes, or the
 * time is over.
 *
 * @param id random, so that a client does not guess another's
 * @param owner the connection
 * @param length of what the client may touch
 */
record Lease(long id, Object owner, Slot slot, int length, MemoryRegion.Grant grant, long expiresAtNs) {}
