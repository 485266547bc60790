package io.fairlead.store.demo;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a demo leaves behind while it runs: processes and a directory. Gone when it is closed, on Ctrl-C too. */
final class Sandbox implements AutoCloseable {
    private final Path directory;
    private final Thread hook = Thread.ofPlatform().name("demo-cleanup").unstarted(() -> end(true));

    // Guarded by this.
    private final List<NodeProcess> nodes = new ArrayList<>();
    private boolean ended;

    Sandbox() {
        try {
            directory = Files.createTempDirectory("fairlead-demo-");
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot make a temporary directory: " + e.getMessage(), e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path directory() {
        return directory;
    }

    synchronized NodeProcess start(String id, List<String> command, String host, List<String> settings) {
        if (ended) {
            throw new StoreException(StoreError.UNREACHABLE, "the demo is being stopped");
        }
        NodeProcess node = NodeProcess.start(id, command, host, settings, directory);
        nodes.add(node);
        return node;
    }

    /** Asks the nodes to stop, and kills those that do not. */
    @Override
    public void close() {
        end(false);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // We are shutting down: the hook finds nothing left to do.
        }
    }

    private synchronized void end(boolean atOnce) {
        if (ended) {
            return;
        }
        ended = true;
        if (!atOnce) {
            nodes.forEach(NodeProcess::askToStop);
            nodes.forEach(node -> node.waitFor(10));
        }
        nodes.forEach(NodeProcess::kill);
        delete();
    }

    private void delete() {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.err.println("fairlead: could not delete " + directory + ": " + e);
        }
    }
}
