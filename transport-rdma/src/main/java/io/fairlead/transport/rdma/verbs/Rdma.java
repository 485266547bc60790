package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The RDMA stack of this host, opened.
 *
 * <p>The jar carries the native library {@code libdisni.so}. The first call extracts it to a temporary file, loads it
 * and deletes the file; the library stays loaded as long as the process lives, and nothing else stays. It opens
 * rdma-core's libraries at run time, so a host without them can ask {@link #probe} all the same.
 *
 * <p>Without {@code --enable-native-access=ALL-UNNAMED} the JVM prints a warning at that first call.
 */
public final class Rdma {
    private final NativeVerbs verbs;

    private Rdma(NativeVerbs verbs) {
        this.verbs = verbs;
    }

    /**
     * Tells whether RDMA can be used here, by trying: opens each device and registers a page, and closes all again.
     * Blocks for some milliseconds. Any thread; each call looks anew.
     */
    public static Availability probe() {
        return Probe.run();
    }

    /**
     * The stack, if {@link #probe} finds it available. Any thread; needs no closing.
     *
     * @throws RdmaUnavailableException with the reason, if not
     */
    public static Rdma open() throws RdmaUnavailableException {
        Availability availability = probe();
        if (!availability.isAvailable()) {
            throw new RdmaUnavailableException(availability);
        }
        return new Rdma(NativeLibrary.loaded());
    }

    /** Names of the devices, such as {@code mlx5_0} or {@code rxe0}. */
    public List<String> deviceNames() {
        return verbs.deviceNames().lines().toList();
    }

    /** A source of connection events. The caller closes it, after all ids made from it. */
    public EventChannel createEventChannel() throws VerbsException {
        return new EventChannel(verbs, VerbsException.check(verbs.createEventChannel(), "create_event_channel"));
    }

    /** How many objects of the RDMA stack the process holds, of all kinds together; devices do not count. */
    public int openObjects() {
        return verbs.openHandles();
    }

    /**
     * How many bytes this process may lock, which bounds what it can register; {@link Long#MAX_VALUE} without a limit.
     * A process with the capability IPC_LOCK may lock more than this says.
     */
    public static long lockedMemoryLimitBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max locked memory")) {
                    String soft =
                            line.substring("Max locked memory".length()).strip().split("\\s+", 2)[0];
                    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException e) {
            // Without /proc nothing can be said, and registering will tell.
        }
        return Long.MAX_VALUE;
    }
}
