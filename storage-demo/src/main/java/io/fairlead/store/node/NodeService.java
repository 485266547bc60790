package io.fairlead.store.node;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.manifest.LocalManifests;
import io.fairlead.store.protocol.NodeStatus;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request; knows nothing of connections but that leases belong to one. Calls block on the disk. */
final class NodeService {
    private static final Logger LOG = LoggerFactory.getLogger(NodeService.class);
    private static final int MAX_LISTING = 10_000;

    private final String cluster;
    private final String node;
    private final ChunkService chunks;
    private final LocalManifests manifests;
    private final Supplier<NodeStatus> status;

    NodeService(
            String cluster, String node, ChunkService chunks, LocalManifests manifests, Supplier<NodeStatus> status) {
        this.cluster = cluster;
        this.node = node;
        this.chunks = chunks;
        this.manifests = manifests;
        this.status = status;
    }

    /** Never throws: what goes wrong is an answer too. */
    Reply answer(Request request, Object owner) {
        try {
            return switch (request) {
                case Request.Hello hello -> greet(hello);
                case Request.GrantSlot grant -> chunks.grant(grant, owner);
                case Request.CommitChunk commit -> chunks.commit(commit, owner);
                case Request.ReadChunk read -> chunks.stage(read, owner);
                case Request.Release release -> {
                    chunks.release(release.lease(), owner);
                    yield new Reply.Done();
                }
                case Request.DeleteChunks delete -> chunks.delete(delete);
                case Request.PutManifest put -> {
                    manifests.put(put.manifest());
                    yield new Reply.Done();
                }
                case Request.GetManifest get -> new Reply.Found(manifests.get(get.key()));
                case Request.ListManifests list ->
                    new Reply.Listing(
                            manifests.list(list.prefix(), list.after(), Math.clamp(list.limit(), 1, MAX_LISTING)));
                case Request.AskStatus ignored -> new Reply.Status(status.get());
            };
        } catch (StoreException e) {
            return new Reply.Failure(e.error(), 0, "" + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("answering {} failed", request.getClass().getSimpleName(), e);
            return new Reply.Failure(StoreError.INTERNAL, 0, "node " + node + ": " + e);
        }
    }

    private Reply greet(Request.Hello hello) {
        if (!hello.cluster().equals(cluster) || !hello.node().equals(node)) {
            throw new StoreException(
                    StoreError.WRONG_VOLUME,
                    "this is node '" + node + "' of cluster '" + cluster + "', not node '" + hello.node()
                            + "' of cluster '" + hello.cluster() + "'");
        }
        return new Reply.Done();
    }

    void release(long lease, Object owner) {
        chunks.release(lease, owner);
    }

    void releaseAll(Object owner) {
        chunks.releaseAll(owner);
    }
}
