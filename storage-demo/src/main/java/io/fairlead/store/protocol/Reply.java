package io.fairlead.store.protocol;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.ManifestSummary;
import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;
import io.fairlead.transport.RegionDescriptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What a node answers. In bytes: version, type, fields. */
public sealed interface Reply {
    /**
     * It was not done.
     *
     * @param retryAfterMs how long to wait before the next attempt; 0 unless the error is {@link StoreError#BUSY}
     */
    record Failure(StoreError error, int retryAfterMs, String message) implements Reply {
        public StoreException toException() {
            return new StoreException(error, message);
        }
    }

    record Done() implements Reply {}

    /** A slot to write into, until the descriptor expires. */
    record Granted(long lease, RegionDescriptor slot) implements Reply {}

    /** A chunk to read, from the start of the slot, until the descriptor expires; its checksums were checked on the node. */
    record Staged(long lease, RegionDescriptor slot, BlockChecksums checksums) implements Reply {}

    record Found(Optional<Manifest> manifest) implements Reply {}

    record Listing(List<ManifestSummary> entries) implements Reply {}

    record Status(NodeStatus status) implements Reply {}

    default byte[] encode() {
        WireWriter out = new WireWriter().u8(Request.VERSION);
        switch (this) {
            case Failure failure ->
                out.u8(1)
                        .u16(failure.error().number())
                        .i32(failure.retryAfterMs())
                        .text(failure.message());
            case Done ignored -> out.u8(2);
            case Granted granted ->
                out.u8(3).i64(granted.lease()).raw(granted.slot().toBytes());
            case Staged staged -> {
                out.u8(4).i64(staged.lease()).raw(staged.slot().toBytes());
                Fields.put(out, staged.checksums());
            }
            case Found found -> {
                out.u8(5).u8(found.manifest().isPresent() ? 1 : 0);
                found.manifest().ifPresent(manifest -> manifest.encode(out));
            }
            case Listing listing -> {
                out.u8(6).i32(listing.entries().size());
                listing.entries().forEach(entry -> entry.encode(out));
            }
            case Status status -> status.status().encode(out.u8(7));
        }
        return out.toByteArray();
    }

    /** Fails with {@link StoreError#BAD_MESSAGE} on anything that {@link #encode} does not write. */
    static Reply decode(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes);
        Fields.checkVersion(in, Request.VERSION);
        int type = in.u8();
        Reply reply = switch (type) {
            case 1 -> new Failure(StoreError.ofNumber(in.u16()), in.i32(), in.text());
            case 2 -> new Done();
            case 3 -> new Granted(in.i64(), in.other(RegionDescriptor::decode));
            case 4 -> new Staged(in.i64(), in.other(RegionDescriptor::decode), Fields.checksums(in));
            case 5 -> new Found(in.flag() ? Optional.of(Manifest.decode(in)) : Optional.empty());
            case 6 -> new Listing(in.list(ManifestSummary.MIN_BYTES, ManifestSummary::decode));
            case 7 -> new Status(NodeStatus.decode(in));
            default -> throw new StoreException(StoreError.BAD_MESSAGE, "unknown reply type " + type);
        };
        in.end();
        return reply;
    }
}
