package io.fairlead.store.demo;

import java.nio.file.Path;

/** A file to store, and the key to store it under. */
public record SourceFile(String key, Path path, long bytes) {
    @Override
    public String toString() {
        return path.toString();
    }
}
