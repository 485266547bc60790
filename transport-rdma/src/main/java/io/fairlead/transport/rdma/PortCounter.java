package io.fairlead.transport.rdma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel counts for a device, all its ports and processes together: {@code
 * /sys/class/infiniband/DEVICE/ports/N/hw_counters}. Drivers have names of their own, and some count nothing.
 */
final class PortCounter {
    /** Receivers that were not ready, as a sender is told: by rxe, mlx5, bnxt_re, mana. */
    static final List<String> RNR_RECEIVED =
            List.of("rcvd_rnr_err", "rnr_nak_retry_err", "rnr_naks_rcvd", "requester_rnr_nak");

    /** And as a receiver tells. */
    static final List<String> RNR_SENT = List.of("send_rnr_err", "out_of_buffer", "responder_rnr_nak");

    private static final Path DEVICES = Path.of("/sys/class/infiniband");

    private final List<Path> files;

    private PortCounter(List<Path> files) {
        this.files = files;
    }

    /** The first of the names that the driver has. */
    static PortCounter of(String device, List<String> names) {
        return of(DEVICES.resolve(device), names);
    }

    static PortCounter of(Path device, List<String> names) {
        for (String name : names) {
            try (Stream<Path> ports = Files.list(device.resolve("ports"))) {
                List<Path> files = ports.map(port -> port.resolve("hw_counters").resolve(name))
                        .filter(Files::isReadable)
                        .sorted()
                        .toList();
                if (!files.isEmpty()) {
                    return new PortCounter(files);
                }
            } catch (IOException e) {
                break; // a system without such files
            }
        }
        return new PortCounter(List.of());
    }

    boolean exists() {
        return !files.isEmpty();
    }

    /** Of all ports together, since the driver was loaded; NaN if it cannot be read. */
    double value() {
        try {
            double sum = 0;
            for (Path file : files) {
                sum += Double.parseDouble(Files.readString(file).strip());
            }
            return sum;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
