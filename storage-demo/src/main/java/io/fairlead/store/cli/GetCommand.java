package io.fairlead.store.cli;

import io.fairlead.store.Bytes;
import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.console.Json;
import io.fairlead.store.console.Progress;
import io.fairlead.store.manifest.Manifest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = {
            "Fetches a value, every block checked by CRC32C and the whole by SHA-256.",
            "The file appears under its name when it is whole; to standard output bytes go as they come, so mind the exit code."
        },
        footer = {"", "Example:  fairlead get --config cluster.conf photo.jpg -o /tmp/photo.jpg"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GetCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions cluster;

    @Parameters(paramLabel = "KEY", description = "The key.")
    String key;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; - for standard output. Without it, the last part of the key in this directory.")
    @Nullable
    String output;

    @Override
    public Integer call() {
        return cluster.run(client -> {
            long length = client.find(key).length();
            try (Progress progress = new Progress(System.err, "fetching", length)) {
                if ("-".equals(output)) {
                    try (FileOutputStream stdout = new FileOutputStream(FileDescriptor.out)) {
                        client.get(key, stdout.getChannel(), progress);
                    }
                } else {
                    String name = output != null ? output : key.substring(key.lastIndexOf('/') + 1);
                    Path target = Path.of(name).toAbsolutePath();
                    tell(toFile(client, target, progress), target);
                }
                return Main.OK;
            } catch (IOException e) {
                throw new StoreException(StoreError.IO, "writing '" + key + "': " + e.getMessage(), e);
            }
        });
    }

    private Manifest toFile(StoreClient client, Path named, Progress progress) throws IOException {
        // A link stays a link, and what is no file, such as /dev/null or a pipe, is written to and never replaced.
        Path target = Files.exists(named) ? named.toRealPath() : named;
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            try (WritableByteChannel device = FileChannel.open(target, StandardOpenOption.WRITE)) {
                return client.get(key, device, progress);
            }
        }
        Path draft = target.resolveSibling(
                target.getFileName() + ".part-" + ProcessHandle.current().pid());
        try {
            Manifest manifest;
            try (WritableByteChannel file =
                    FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                manifest = client.get(key, file, progress);
            }
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
            return manifest;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void tell(Manifest manifest, Path target) {
        System.out.println(
                cluster.json()
                        ? Json.text(Map.of(
                                "key", key, "bytes", manifest.length(), "sha256", manifest.sha256(), "file", target))
                        : "fetched " + key + " (" + Bytes.text(manifest.length()) + ") to " + target);
    }
}
