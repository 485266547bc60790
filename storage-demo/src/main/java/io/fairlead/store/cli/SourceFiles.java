package io.fairlead.store.cli;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.demo.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files to store, with their keys: a file's name, or the path below the given directory with its name before it. */
final class SourceFiles {
    private SourceFiles() {}

    static List<SourceFile> of(List<Path> given) {
        List<SourceFile> files = new ArrayList<>();
        for (Path path : given) {
            Path base = path.toAbsolutePath().normalize().getParent();
            if (Files.isRegularFile(path)) {
                files.add(file(base, path));
            } else if (Files.isDirectory(path)) {
                try (Stream<Path> tree = Files.walk(path)) {
                    tree.filter(Files::isRegularFile).sorted().forEach(file -> files.add(file(base, file)));
                } catch (IOException | UncheckedIOException e) {
                    throw new StoreException(StoreError.IO, "cannot read " + path + ": " + e.getMessage(), e);
                }
            } else {
                throw new StoreException(StoreError.NOT_FOUND, "no such file or directory: " + path);
            }
        }
        return files;
    }

    private static SourceFile file(@Nullable Path base, Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        String key =
                base == null ? absolute.toString() : base.relativize(absolute).toString();
        try {
            return new SourceFile(key.replace('\\', '/'), file, Files.size(file));
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
