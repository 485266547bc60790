package io.fairlead.store.protocol;

import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;

/**
 * How a node is.
 *
 * @param transport which provider it runs, and why
 * @param keys that are not deleted
 * @param chunks that can be read
 * @param bytes of those chunks
 * @param damaged chunks found torn or rotten
 * @param usableBytes of its disk
 * @param http where its metrics are
 */
public record NodeStatus(
        String node,
        String transport,
        int keys,
        int chunks,
        long bytes,
        int damaged,
        long usableBytes,
        int writeSlotsInUse,
        int readSlotsInUse,
        long uptimeMs,
        String http) {
    void encode(WireWriter out) {
        out.text(node)
                .text(transport)
                .i32(keys)
                .i32(chunks)
                .i64(bytes)
                .i32(damaged)
                .i64(usableBytes);
        out.i32(writeSlotsInUse).i32(readSlotsInUse).i64(uptimeMs).text(http);
    }

    static NodeStatus decode(WireReader in) {
        return new NodeStatus(
                in.text(), in.text(), in.i32(), in.i32(), in.i64(), in.i32(), in.i64(), in.i32(), in.i32(), in.i64(),
                in.text());
    }
}
