package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Waiting;
import io.fairlead.benchmarks.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * UCX over TCP: puts that are each followed by a flush of the endpoint, since only a flush says that the bytes have been
 * placed; gets; and tagged messages for the echo. Both sides have a thread that makes progress, which UCX does not do.
 */
public final class Jucx implements Contestant {
    private static final String SEGMENT = "256k";
    private static final List<Path> LIBRARIES =
            List.of(Path.of("/usr/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/usr/lib"));

    private final Waiting waiting;

    public Jucx(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return waiting == Waiting.SPIN ? "jucx-busy" : "jucx";
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public String setUp() {
        return "put+flush each, " + environment();
    }

    @Override
    public Optional<String> refuses(Workload workload) {
        return LIBRARIES.stream().anyMatch(directory -> Files.exists(directory.resolve("libucp.so.0")))
                ? Optional.empty()
                : Optional.of("libucp.so.0 is not installed (Debian: apt-get install libucx0)");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "UCX_TLS", "tcp",
                "UCX_NET_DEVICES", "lo",
                "UCX_SOCKADDR_TLS_PRIORITY", "tcp",
                "UCX_TCP_TX_SEG_SIZE", SEGMENT,
                "UCX_TCP_RX_SEG_SIZE", SEGMENT,
                // UCX would otherwise take over the JVM's SIGSEGV.
                "UCX_ERROR_SIGNALS", "");
    }

    @Override
    public ServerSide serve(Workload workload, Regions regions) {
        return new UcxServer(new UcxNode(waiting == Waiting.SPIN), workload, regions);
    }

    @Override
    public ClientSide connect(Workload workload, String address, Regions regions) {
        return new UcxClient(new UcxNode(waiting == Waiting.SPIN), workload, ServerAddress.parse(address), regions);
    }
}
