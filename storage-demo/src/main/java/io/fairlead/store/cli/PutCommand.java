package io.fairlead.store.cli;

import io.fairlead.store.Bytes;
import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.console.Json;
import io.fairlead.store.console.Progress;
import io.fairlead.store.demo.SourceFile;
import io.fairlead.store.manifest.Manifest;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Stores files, and all files below directories. A key that is there is replaced.",
            "Keys are file names, below a directory its name and the path from there."
        },
        footer = {
            "",
            "Example:  fairlead put --nodes n1=127.0.0.1:7401,n2=127.0.0.1:7402,n3=127.0.0.1:7403 photo.jpg",
            "          tar c docs | fairlead put --config cluster.conf --key docs.tar -"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PutCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions cluster;

    @Option(names = "--key", paramLabel = "KEY", description = "The key, for a single file or standard input.")
    @Nullable
    String key;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files, directories, or - for standard input.")
    List<Path> files;

    @Override
    public Integer call() {
        boolean stdin = files.size() == 1 && files.getFirst().toString().equals("-");
        if (stdin && key == null) {
            throw new ParameterException(cluster.command.commandLine(), "standard input needs a --key");
        }
        if (stdin) {
            return cluster.run(client -> putStdin(client, "" + key));
        }
        List<SourceFile> sources = SourceFiles.of(files);
        if (key != null && sources.size() != 1) {
            throw new ParameterException(
                    cluster.command.commandLine(), "--key is for a single file, not for " + sources.size());
        }
        long total = sources.stream().mapToLong(SourceFile::bytes).sum();
        return cluster.run(client -> {
            try (Progress progress = new Progress(System.err, "storing", total)) {
                return cluster.each(sources, source -> putFile(client, source, progress));
            }
        });
    }

    private int putStdin(StoreClient client, String name) {
        try (Progress progress = new Progress(System.err, "storing", 0)) {
            tell(client.put(name, Channels.newChannel(System.in), progress));
            return Main.OK;
        }
    }

    private void putFile(StoreClient client, SourceFile source, Progress progress) {
        try (FileChannel file = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            tell(client.put(key == null ? source.key() : key, file, progress));
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + source.path() + ": " + e.getMessage(), e);
        }
    }

    private void tell(Manifest manifest) {
        System.out.println(
                cluster.json()
                        ? Json.text(Map.of(
                                "key", manifest.key(),
                                "bytes", manifest.length(),
                                "chunks", manifest.chunks().size(),
                                "sha256", manifest.sha256()))
                        : "stored " + manifest.key() + " (" + Bytes.text(manifest.length()) + ")");
    }
}
