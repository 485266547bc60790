package io.fairlead.store.manifest;

import java.util.List;
import java.util.Optional;

/** Keeps the newest manifest of each key, deleted ones too. Calls block. */
public interface ManifestStore {
    Optional<Manifest> get(String key);

    /** Keeps it, unless it has a newer one of the key. */
    void put(Manifest manifest);

    /**
     * Keys in order, deleted ones too.
     *
     * @param prefix of the keys wanted
     * @param after the last key of the page before, or empty
     * @param limit the most entries to yield; fewer mean that there are no more
     */
    List<ManifestSummary> list(String prefix, String after, int limit);
}
