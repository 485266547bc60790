package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.Availability.Reason;
import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether RDMA works, from the library in the jar up to a page locked on a device. */
final class Probe {
    static final String RDMACM = "librdmacm.so.1";
    static final String IBVERBS = "libibverbs.so.1";

    /** What {@code tryDevice} was doing when it failed; the constants {@code STEP_*} of {@code natives.c}. */
    private static final List<String> STEPS = List.of(
            "listing devices", "opening", "allocating a domain on", "registering a page on", "opening rdma_cm for");

    private static final Path DEVICE_FILES = Path.of("/dev/infiniband");

    private static final int STEP_REGISTER = 3;

    private Probe() {}

    static Availability run() {
        String problem = NativeLibrary.problem();
        return problem == null
                ? run(NativeLibrary.loaded(), RDMACM, IBVERBS)
                : new Availability(Reason.NO_NATIVE_LIBRARY, problem);
    }

    static Availability run(NativeVerbs verbs, String rdmacm, String ibverbs) {
        String linker = verbs.load(rdmacm, ibverbs);
        if (!linker.isEmpty()) {
            return new Availability(Reason.NO_RDMA_LIBRARY, linker);
        }
        List<String> devices = verbs.deviceNames().lines().toList();
        if (devices.isEmpty()) {
            return new Availability(Reason.NO_DEVICE, "the kernel shows no RDMA device in /sys/class/infiniband");
        }
        Availability last = new Availability(Reason.AVAILABLE, String.join(", ", devices));
        for (int i = 0; i < devices.size(); i++) {
            int[] step = new int[1];
            int error = -verbs.tryDevice(i, step);
            if (error == 0) {
                return new Availability(Reason.AVAILABLE, String.join(", ", devices));
            }
            last = failure(devices.get(i), step[0], error);
        }
        return last;
    }

    private static Availability failure(String device, int step, int error) {
        String detail = STEPS.get(step) + " " + device + ": " + Errno.describe(error);
        if (step == STEP_REGISTER && ProtectionDomain.isLimitOfLockedMemory(error)) {
            return new Availability(
                    Reason.NO_LOCKED_MEMORY,
                    detail + "; RLIMIT_MEMLOCK is " + ProtectionDomain.limit() + " (ulimit -l)");
        }
        String forbidden = forbiddenFile();
        if (forbidden != null) {
            // libibverbs looks on after it was refused, and ends with another error.
            return new Availability(
                    Reason.NO_PERMISSION, detail + "; this process may not read and write " + forbidden);
        }
        return switch (Errno.of(error)) {
            case EACCES, EPERM ->
                new Availability(Reason.NO_PERMISSION, detail + "; the device files are in /dev/infiniband");
            case ENODEV, ENOENT ->
                new Availability(Reason.NO_DEVICE, detail + "; are the modules rdma_ucm and ib_uverbs loaded?");
            default -> new Availability(Reason.DEVICE_FAILED, detail);
        };
    }

    /** A device file that is there and may not be opened, or null. */
    private static @Nullable String forbiddenFile() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(DEVICE_FILES, "{uverbs*,rdma_cm}")) {
            for (Path file : files) {
                if (!Files.isReadable(file) || !Files.isWritable(file)) {
                    return file.toString();
                }
            }
            return null;
        } catch (IOException e) {
            return Files.exists(DEVICE_FILES) ? DEVICE_FILES.toString() : null;
        }
    }
}
