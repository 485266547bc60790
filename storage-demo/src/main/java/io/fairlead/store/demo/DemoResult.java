package io.fairlead.store.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a demo went.
 *
 * @param killed the node that was killed, null if none was
 * @param killedAfterBytes how much was stored by then
 * @param passedOver how often a replica could not take or give a chunk, by direction and reason
 * @param failures everything that went wrong; empty if the demo kept its word
 */
public record DemoResult(
        String transport,
        int nodes,
        int replicas,
        int files,
        long bytes,
        double storeSeconds,
        double readSeconds,
        @Nullable String killed,
        long killedAfterBytes,
        int matching,
        List<OperationFigures> operations,
        double replicateP50Ms,
        double replicateP99Ms,
        Map<String, Long> passedOver,
        List<NodeBytes> nodeBytes,
        List<String> failures) {
    /**
     * The same bytes, counted at both ends.
     *
     * @param written that this process' one-sided writes to the node completed
     * @param nodeIn that the node's metrics say came in by writes
     * @param read that this process' one-sided reads from the node completed
     * @param nodeOut that the node's metrics say went out by reads
     */
    public record NodeBytes(String node, long written, long nodeIn, long read, long nodeOut) {
        boolean agree() {
            return written == nodeIn && read == nodeOut;
        }
    }

    public boolean succeeded() {
        return failures.isEmpty();
    }

    /** For {@code --json}. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("succeeded", succeeded());
        fields.put("transport", transport);
        fields.put("nodes", nodes);
        fields.put("replicas", replicas);
        fields.put("files", files);
        fields.put("bytes", bytes);
        fields.put("storeSeconds", storeSeconds);
        fields.put("readSeconds", readSeconds);
        fields.put("killed", killed == null ? "" : killed);
        fields.put("killedAfterBytes", killedAfterBytes);
        fields.put("matching", matching);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OperationFigures figures : operations) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("operation", figures.name());
            row.put("done", figures.done());
            row.put("failed", figures.failed());
            row.put("bytes", figures.bytes());
            row.put("p50Ms", figures.p50Ms());
            row.put("p99Ms", figures.p99Ms());
            rows.add(row);
        }
        fields.put("operations", rows);
        fields.put("replicateP50Ms", replicateP50Ms);
        fields.put("replicateP99Ms", replicateP99Ms);
        fields.put("passedOver", passedOver);
        List<Map<String, Object>> nodeRows = new ArrayList<>();
        for (NodeBytes one : nodeBytes) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("node", one.node());
            row.put("written", one.written());
            row.put("nodeIn", one.nodeIn());
            row.put("read", one.read());
            row.put("nodeOut", one.nodeOut());
            nodeRows.add(row);
        }
        fields.put("nodeBytes", nodeRows);
        fields.put("failures", failures);
        return fields;
    }
}
