package io.fairlead.store.cli;

import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.console.Json;
import io.fairlead.store.demo.Demo;
import io.fairlead.store.demo.DemoResult;
import io.fairlead.store.demo.DemoSettings;
import io.fairlead.store.demo.SourceFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts nodes as processes of their own, stores files on them, kills one node in the middle, goes on, reads"
                    + " everything back, compares SHA-256, and says what the transport did.",
            "Nothing is left running and nothing is left on disk, on Ctrl-C neither."
        },
        footer = {"", "Example:  fairlead demo --nodes 5 ~/photos"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
    @Spec
    CommandSpec command;

    @Mixin
    ConfigOptions options;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Nodes to start: 1 to 16. Default: 3.")
    int nodes;

    @Option(
            names = "--replicas",
            paramLabel = "R",
            description = "Nodes that each chunk is written to. Default: 3, or all if there are fewer.")
    @Nullable
    Integer replicas;

    @Option(
            names = "--node-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address at which the nodes listen. Default: 127.0.0.1.")
    String nodeHost;

    @Option(
            names = "--node-prefix",
            paramLabel = "COMMAND",
            defaultValue = "",
            description =
                    "Put before the command of each node, to run it elsewhere: \"nsenter --net=/run/netns/far --\","
                            + " with --node-host.")
    String nodePrefix;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIR",
            description = "What to store. Default: the lib directory of this JDK.")
    List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
        int copies = replicas == null ? Math.min(3, nodes) : replicas;
        check(nodes >= 1 && nodes <= 16, "--nodes is " + nodes + ", allowed 1..16");
        check(copies >= 1 && copies <= nodes, "--replicas is " + copies + ", allowed 1.." + nodes + " (--nodes)");
        List<Path> given = files.isEmpty() ? List.of(Path.of(System.getProperty("java.home"), "lib")) : files;
        List<SourceFile> sources = SourceFiles.of(given);
        check(!sources.isEmpty(), "there are no files below " + given);
        List<String> settings = new ArrayList<>(options.allSets(List.of()));
        settings.add("store.cluster=demo-" + ProcessHandle.current().pid());
        FairleadConfig config = options.load(
                settings.stream().filter(s -> s.startsWith("store.cluster")).toList());
        // While one node is dead, the others must do.
        DemoSettings demo =
                new DemoSettings(nodes, copies, Math.max(1, copies - 1), sources, nodeCommand(), nodeHost, settings);
        DemoResult result = new Demo(
                        demo,
                        config,
                        meters -> Wiring.transport(config.transport(), meters),
                        options.json ? System.err : System.out)
                .run();
        if (options.json) {
            System.out.println(Json.text(result.fields()));
        }
        return result.succeeded() ? Main.OK : Main.FAILED;
    }

    private void check(boolean holds, String fault) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), fault);
        }
    }

    /** This JVM again, with a small heap: what a node needs much of is outside of it. */
    private List<String> nodeCommand() {
        List<String> line = new ArrayList<>();
        if (!nodePrefix.isBlank()) {
            line.addAll(List.of(nodePrefix.strip().split("\\s+")));
        }
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Stream<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                // Two JVMs cannot share a debugger's port, and the heap is chosen below.
                .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-Xmx") && !flag.startsWith("-Xms"));
        line.addAll(flags.toList());
        line.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(Main.class.getName(), "node"));
        if (options.config != null) {
            line.addAll(List.of("--config", options.config.toAbsolutePath().toString()));
        }
        return line;
    }
}
