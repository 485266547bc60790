package io.fairlead.store.protocol;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.List;

/** What a client asks of a node. In bytes: version, type, fields. {@link Release} is a message, the others are requests. */
public sealed interface Request {
    int VERSION = 1;

    /** First on every connection: who the client thinks it talks to. Answered by {@link Reply.Done}. */
    record Hello(String cluster, String node) implements Request {}

    /** Asks for a slot to write a chunk into. Answered by {@link Reply.Granted}, or busy. */
    record GrantSlot(int length) implements Request {}

    /** Sent after the bytes are in the slot: freeze it, check it, persist it. Ends the lease. Answered by {@link Reply.Done}. */
    record CommitChunk(long lease, ChunkId id, BlockChecksums checksums) implements Request {}

    /** Asks for a chunk to be staged for a one-sided read. Answered by {@link Reply.Staged}, or busy. */
    record ReadChunk(ChunkId id) implements Request {}

    /** Gives a slot back. Not answered. */
    record Release(long lease) implements Request {}

    /** Answered by {@link Reply.Done}, also if some are not there. */
    record DeleteChunks(List<ChunkId> ids) implements Request {}

    /** Answered by {@link Reply.Done}, also if the node has a newer one. */
    record PutManifest(Manifest manifest) implements Request {}

    /** Answered by {@link Reply.Found}. */
    record GetManifest(String key) implements Request {}

    /** Answered by {@link Reply.Listing}. */
    record ListManifests(String prefix, String after, int limit) implements Request {}

    /** Answered by {@link Reply.Status}. */
    record AskStatus() implements Request {}

    default byte[] encode() {
        WireWriter out = new WireWriter().u8(VERSION);
        switch (this) {
            case Hello hello -> out.u8(1).text(hello.cluster()).text(hello.node());
            case GrantSlot grant -> out.u8(2).i32(grant.length());
            case CommitChunk commit -> {
                out.u8(3).i64(commit.lease());
                Fields.put(out, commit.id());
                Fields.put(out, commit.checksums());
            }
            case ReadChunk read -> Fields.put(out.u8(4), read.id());
            case Release release -> out.u8(5).i64(release.lease());
            case DeleteChunks delete -> {
                out.u8(6).i32(delete.ids().size());
                delete.ids().forEach(id -> Fields.put(out, id));
            }
            case PutManifest put -> put.manifest().encode(out.u8(7));
            case GetManifest get -> out.u8(8).text(get.key());
            case ListManifests list ->
                out.u8(9).text(list.prefix()).text(list.after()).i32(list.limit());
            case AskStatus ignored -> out.u8(10);
        }
        return out.toByteArray();
    }

    /** Fails with {@link StoreError#BAD_MESSAGE} on anything that {@link #encode} does not write. */
    static Request decode(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes);
        Fields.checkVersion(in, VERSION);
        int type = in.u8();
        Request request = switch (type) {
            case 1 -> new Hello(in.text(), in.text());
            case 2 -> new GrantSlot(in.i32());
            case 3 -> new CommitChunk(in.i64(), Fields.chunkId(in), Fields.checksums(in));
            case 4 -> new ReadChunk(Fields.chunkId(in));
            case 5 -> new Release(in.i64());
            case 6 -> new DeleteChunks(in.list(Fields.CHUNK_ID_BYTES, Fields::chunkId));
            case 7 -> new PutManifest(Manifest.decode(in));
            case 8 -> new GetManifest(in.text());
            case 9 -> new ListManifests(in.text(), in.text(), in.i32());
            case 10 -> new AskStatus();
            default -> throw new StoreException(StoreError.BAD_MESSAGE, "unknown request type " + type);
        };
        in.end();
        return request;
    }
}
