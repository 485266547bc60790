package io.fairlead.transport.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of this process must be as it was: threads named {@code fairlead-…} and file descriptors. */
public final class LeakCheck {
    private static final String THREADS = "fairlead-";

    static {
        warmUp();
    }

    private final Set<Thread> threads = threads();
    private final Map<String, Integer> files = OpenFiles.byKind();

    private LeakCheck() {}

    /** Notes how things are now. */
    public static LeakCheck start() {
        return new LeakCheck();
    }

    /** What there is now that was not there at the start. */
    public List<String> leaks() {
        List<String> leaks = new ArrayList<>();
        for (Thread thread : threads()) {
            if (!threads.contains(thread)) {
                leaks.add("thread " + thread.getName());
            }
        }
        OpenFiles.byKind().forEach((kind, count) -> {
            int before = files.getOrDefault(kind, 0);
            if (count > before) {
                leaks.add((count - before) + " of " + kind);
            }
        });
        return leaks;
    }

    /** Waits until nothing is left; an {@link AssertionError} names what is. */
    public void verify(Duration bound) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        List<String> leaks = leaks();
        while (!leaks.isEmpty()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("leaked: " + String.join(", ", leaks));
            }
            Await.pause();
            leaks = leaks();
        }
    }

    private static Set<Thread> threads() {
        Set<Thread> ours = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(THREADS)) {
                ours.add(thread);
            }
        }
        return ours;
    }

    /** The JDK opens descriptors of its own at the first use of sockets, and keeps them. */
    private static void warmUp() {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open().bind(null);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            client.configureBlocking(false).register(selector, 0);
            accepted.configureBlocking(false).register(selector, 0);
            selector.selectNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A virtual thread that parks with a time starts the JDK's own helpers.
        try {
            Thread.ofVirtual().start(Await::pause).join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
