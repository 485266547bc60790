package io.fairlead.store.cli;

import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.config.FairleadConfig;
import io.fairlead.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that talk to a running cluster. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ClusterOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Mixin
    ConfigOptions options;

    @Option(
            names = "--nodes",
            paramLabel = "ID=HOST:PORT",
            split = ",",
            description = "All nodes of the cluster: n1=host:7400,n2=host:7401. Or store.nodes in --config.")
    List<String> nodes = new ArrayList<>();

    boolean json() {
        return options.json;
    }

    /** What a command does with the client. */
    interface Work {
        int with(StoreClient client);
    }

    /** Opens a client, works, and closes it whatever happens. */
    int run(Work work) {
        FairleadConfig config =
                options.load(nodes.stream().map(node -> "store.nodes." + node).toList());
        if (config.client().nodes().isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "no nodes are known: give --nodes id=host:port,... or store.nodes in --config FILE");
        }
        MeterRegistry meters = new SimpleMeterRegistry();
        try (Transport transport = Wiring.transport(config.transport(), meters);
                StoreClient client = new StoreClient(config.client(), transport, meters)) {
            return work.with(client);
        }
    }

    /** Does the same with each, says which failed, and goes on with the others. */
    <T> int each(List<T> items, Consumer<T> work) {
        int failures = 0;
        for (T item : items) {
            try {
                work.accept(item);
            } catch (StoreException e) {
                failures++;
                command.commandLine().getErr().println("fairlead: " + item + ": " + e.getMessage());
                command.commandLine().getErr().flush();
            }
        }
        return failures == 0 ? Main.OK : Main.FAILED;
    }
}
