package io.fairlead.store.demo;

import java.util.List;

/**
 * What a demo shall do.
 *
 * @param minReplicas as in the configuration; so many nodes must survive the killed one
 * @param sources what to store; at least one
 * @param nodeCommand starts a node in a process of its own, but for its id, addresses and directory
 * @param nodeHost address at which nodes listen; ours unless the command takes them elsewhere
 * @param nodeSettings {@code --set} values for nodes and client alike
 */
public record DemoSettings(
        int nodes,
        int replicas,
        int minReplicas,
        List<SourceFile> sources,
        List<String> nodeCommand,
        String nodeHost,
        List<String> nodeSettings) {
    public DemoSettings {
        sources = List.copyOf(sources);
        nodeCommand = List.copyOf(nodeCommand);
        nodeSettings = List.copyOf(nodeSettings);
    }

    public long bytes() {
        return sources.stream().mapToLong(SourceFile::bytes).sum();
    }

    /** Whether a node can be killed without losing anything. */
    public boolean kills() {
        return replicas > 1;
    }
}
