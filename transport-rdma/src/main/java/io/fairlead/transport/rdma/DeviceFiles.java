package io.fairlead.transport.rdma;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel tells of a device in files below {@code /sys/class/infiniband}, beside what {@link PortCounter} reads: {@code
 * sysfs-class-infiniband} of the kernel's ABI. What is missing there is not known, and that is no error. Any thread; each call reads anew.
 */
final class DeviceFiles {
    private static final Path ALL_DEVICES = Path.of("/sys/class/infiniband");

    private final Path directory;

    private DeviceFiles(Path directory) {
        this.directory = directory;
    }

    static DeviceFiles of(String device) {
        return of(ALL_DEVICES, device);
    }

    static DeviceFiles of(Path allDevices, String device) {
        return new DeviceFiles(allDevices.resolve(device));
    }

    /** Whether a port is up; also where that is not known. */
    boolean hasActivePort() {
        List<Path> ports = ports();
        boolean known = false;
        for (Path port : ports) {
            String state = read(port.resolve("state")); // such as "4: ACTIVE"
            if (state.endsWith("ACTIVE")) {
                return true;
            }
            known |= !state.isEmpty();
        }
        return !known;
    }

    /** Whether it speaks iWARP, and neither InfiniBand nor RoCE. */
    boolean isIwarp() {
        return read(directory.resolve("node_type")).endsWith("RNIC"); // "4: RNIC"
    }

    private List<Path> ports() {
        List<Path> ports = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.resolve("ports"))) {
            all.forEach(ports::add);
        } catch (IOException e) {
            // Not told, or the device is gone.
        }
        return ports;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
