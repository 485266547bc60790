package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import io.fairlead.transport.Connection;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One chunk to or from one node. Blocks; made for virtual threads. */
final class ReplicaIo {
    private final ClientConfig config;

    ReplicaIo(ClientConfig config) {
        this.config = config;
    }

    /** Stores a chunk on the node: a slot, a one-sided write into it, a commit. */
    void write(NodeLink node, ChunkId id, ChunkBuffers.Buffer buffer, BlockChecksums checksums) {
        Patience patience = new Patience("writing chunk " + id + " to node " + node.id(), config.chunkTimeout());
        while (true) {
            try {
                Connection connection = node.connection();
                Request ask = new Request.GrantSlot(checksums.length());
                switch (node.exchange(connection, ask, patience.left(config.requestTimeout()))) {
                    case Reply.Failure busy
                    when busy.error() == StoreError.BUSY -> patience.waitFor(busy.retryAfterMs());
                    case Reply.Failure failure -> throw failure.toException();
                    case Reply.Granted slot -> {
                        place(node, connection, slot, id, buffer, checksums, patience);
                        return;
                    }
                    case Reply other -> throw unexpected(node, other);
                }
            } catch (TransportException e) {
                patience.failed(node.unreachable(e));
            } catch (StoreException e) {
                if (e.error() != StoreError.LEASE_LOST && e.error() != StoreError.CORRUPT) {
                    throw e;
                }
                // Too slow for the lease, or damaged on the way: the next attempt starts from our own bytes.
                patience.failed(e);
            }
        }
    }

    private void place(
            NodeLink node,
            Connection connection,
            Reply.Granted slot,
            ChunkId id,
            ChunkBuffers.Buffer buffer,
            BlockChecksums checksums,
            Patience patience) {
        Duration timeout = patience.left(untilExpiry(slot.slot()));
        Operation<@Nullable Void> write =
                connection.write(buffer.region(), buffer.offset(), slot.slot(), 0, checksums.length(), timeout);
        buffer.usedBy(write);
        // A message does not overtake a write before it, so the commit need not wait for the write to complete.
        Request commit = new Request.CommitChunk(slot.lease(), id, checksums);
        Operation<byte[]> committed =
                connection.request(MemorySegment.ofArray(commit.encode()), patience.left(config.requestTimeout()));
        write.await();
        node.bytesWritten.add(checksums.length());
        if (NodeLink.answer(committed.await()) instanceof Reply.Failure failure) {
            throw failure.toException();
        }
    }

    /** Fetches a chunk into the buffer and checks it against what its writer put into the manifest. */
    void read(NodeLink node, ChunkRef chunk, ChunkBuffers.Buffer buffer) {
        Patience patience =
                new Patience("reading chunk " + chunk.id() + " from node " + node.id(), config.chunkTimeout());
        while (true) {
            try {
                Connection connection = node.connection();
                Request ask = new Request.ReadChunk(chunk.id());
                switch (node.exchange(connection, ask, patience.left(config.requestTimeout()))) {
                    case Reply.Failure busy
                    when busy.error() == StoreError.BUSY -> patience.waitFor(busy.retryAfterMs());
                    case Reply.Failure failure -> throw failure.toException();
                    case Reply.Staged staged -> {
                        fetch(node, connection, staged, chunk, buffer, patience);
                        return;
                    }
                    case Reply other -> throw unexpected(node, other);
                }
            } catch (TransportException e) {
                patience.failed(node.unreachable(e));
            }
        }
    }

    private void fetch(
            NodeLink node,
            Connection connection,
            Reply.Staged staged,
            ChunkRef chunk,
            ChunkBuffers.Buffer buffer,
            Patience patience) {
        BlockChecksums checksums = staged.checksums();
        if (checksums.length() != chunk.length() || checksums.combined() != chunk.combinedCrc()) {
            release(connection, staged.lease());
            throw new StoreException(
                    StoreError.CORRUPT, "node " + node.id() + " holds other bytes as chunk " + chunk.id());
        }
        Operation<@Nullable Void> read = connection.read(
                buffer.region(),
                buffer.offset(),
                staged.slot(),
                0,
                chunk.length(),
                patience.left(untilExpiry(staged.slot())));
        buffer.usedBy(read);
        read.await();
        node.bytesRead.add(chunk.length());
        release(connection, staged.lease());
        int bad = checksums.firstBadBlock(buffer.bytes().limit(chunk.length()));
        if (bad >= 0) {
            throw new StoreException(
                    StoreError.CORRUPT,
                    "block " + bad + " of chunk " + chunk.id() + " was damaged on the way from node " + node.id());
        }
    }

    /** A lease that is not given back ends by its time, so nobody waits for this. */
    private void release(Connection connection, long lease) {
        var unused =
                connection.send(MemorySegment.ofArray(new Request.Release(lease).encode()), config.requestTimeout());
    }

    /** A write that arrives after its lease would cost us the connection; better to give up in time. */
    private Duration untilExpiry(RegionDescriptor slot) {
        Instant expiry = slot.expiresAt();
        if (expiry == null) {
            return config.requestTimeout();
        }
        Duration left = Duration.between(Instant.now(), expiry);
        if (!left.isPositive()) {
            throw new StoreException(StoreError.LEASE_LOST, "the lease ended at " + expiry);
        }
        return left.compareTo(config.requestTimeout()) < 0 ? left : config.requestTimeout();
    }

    private static StoreException unexpected(NodeLink node, Reply reply) {
        return new StoreException(
                StoreError.BAD_MESSAGE,
                "node " + node.id() + " answered with a " + reply.getClass().getSimpleName());
    }
}
