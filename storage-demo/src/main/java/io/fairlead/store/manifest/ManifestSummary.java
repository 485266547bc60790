package io.fairlead.store.manifest;

import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;
import java.time.Instant;

/** A manifest without its chunks: what listings tell and nodes keep in memory. */
public record ManifestSummary(String key, Version version, boolean deleted, Instant created, long length, int chunks) {
    /** The least that {@link #encode} writes. */
    public static final int MIN_BYTES = 2 + 16 + 1 + 8 + 8 + 4;

    public void encode(WireWriter out) {
        out.text(key).i64(version.number()).i64(version.writer()).u8(deleted ? 1 : 0);
        out.i64(created.toEpochMilli()).i64(length).i32(chunks);
    }

    public static ManifestSummary decode(WireReader in) {
        return new ManifestSummary(
                in.text(),
                new Version(in.i64(), in.i64()),
                in.flag(),
                Instant.ofEpochMilli(in.i64()),
                in.i64(),
                in.i32());
    }
}
