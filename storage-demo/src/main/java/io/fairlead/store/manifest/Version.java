package io.fairlead.store.manifest;

import java.util.Comparator;

/**
 * Orders the manifests of a key. Two writers that did not see each other pick the same number; then the random half decides, the same
 * way everywhere.
 *
 * @param number one more than the newest its writer saw
 * @param writer random, of one put
 */
public record Version(long number, long writer) implements Comparable<Version> {
    private static final Comparator<Version> ORDER =
            Comparator.comparingLong(Version::number).thenComparingLong(Version::writer);

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number + "-" + Long.toHexString(writer);
    }
}
