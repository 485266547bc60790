package io.fairlead.benchmarks.aeron;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Waiting;
import io.fairlead.benchmarks.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Aeron over UDP: messages carry the writes, acknowledgements come back on a second stream. Driver and application share
 * one thread per process, as more would compete for the cores; the sleeping one backs off by Aeron's own default.
 */
public final class AeronUdp implements Contestant {
    private final Waiting waiting;

    public AeronUdp(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return waiting == Waiting.SPIN ? "aeron-udp-busy" : "aeron-udp";
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public String setUp() {
        return "embedded driver invoked by the application's thread, mtu " + AeronNode.MTU_BYTES + ", terms of "
                + AeronNode.TERM_BYTES;
    }

    @Override
    public Optional<String> refuses(Workload workload) {
        if (workload.kind() == Workload.Kind.READ) {
            return Optional.of("has no read; a request with a reply would be an application of ours");
        }
        return workload.connections() > 1
                ? Optional.of("has streams, not connections; 64 of them would share one socket and one thread")
                : Optional.empty();
    }

    @Override
    public List<String> jvmFlags() {
        return List.of(
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-opens=java.base/java.util.zip=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dagrona.disable.bounds.checks=true");
    }

    @Override
    public ServerSide serve(Workload workload, Regions regions) throws IOException {
        return new AeronServer(new AeronNode(waiting == Waiting.SPIN), AeronPorts.free(), workload, regions);
    }

    @Override
    public ClientSide connect(Workload workload, String address, Regions regions) {
        AeronNode node = new AeronNode(waiting == Waiting.SPIN);
        return new AeronClient(node, AeronPorts.parse(address), regions);
    }
}
