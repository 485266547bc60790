package io.fairlead.transport.rdma;

import java.util.LinkedHashSet;

/**
 * The keys of grants that have ended, as many of the last as are kept. Drivers give keys out again (one of Soft-RoCE is a place in a table
 * and eight random bits), and a peer's stale descriptor with that key would then fit another grant. Thread-safe.
 */
final class EndedKeys {
    private final int kept;
    private final LinkedHashSet<Integer> keys = new LinkedHashSet<>();

    EndedKeys(int kept) {
        this.kept = kept;
    }

    synchronized void add(int key) {
        keys.remove(key);
        keys.add(key);
        if (keys.size() > kept) {
            keys.removeFirst();
        }
    }

    synchronized boolean contains(int key) {
        return keys.contains(key);
    }
}
