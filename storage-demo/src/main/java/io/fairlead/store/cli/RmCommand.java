package io.fairlead.store.cli;

import io.fairlead.store.console.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Deletes keys. One that is not there is a failure; the others are deleted all the same.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RmCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions cluster;

    @Parameters(arity = "1..*", paramLabel = "KEY", description = "The keys.")
    List<String> keys;

    @Override
    public Integer call() {
        return cluster.run(client -> cluster.each(keys, key -> {
            client.delete(key);
            System.out.println(cluster.json() ? Json.text(Map.of("deleted", key)) : "deleted " + key);
        }));
    }
}
