package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpRemoteKey;

/** Drives all lanes, one endpoint each, from the calling thread, which also makes progress. */
final class UcxClient implements Contestant.ClientSide {
    private final UcxNode node;
    private final Workload workload;
    private final ServerAddress server;
    private final Regions regions;
    private final List<UcpEndpoint> endpoints = new ArrayList<>();

    UcxClient(UcxNode node, Workload workload, ServerAddress server, Regions regions) {
        this.node = node;
        this.workload = workload;
        this.server = server;
        this.regions = regions;
        register();
        for (int i = 0; i < workload.connections(); i++) {
            endpoints.add(node.worker().newEndpoint(new UcpEndpointParams().setSocketAddress(server.socketAddress())));
        }
    }

    @Override
    public void drive(List<Lane> lanes) throws Exception {
        List<LaneDriving> drivings = new ArrayList<>();
        for (Lane lane : lanes) {
            drivings.add(driving(lane));
        }
        boolean running = true;
        while (running) {
            running = false;
            for (int i = 0; i < drivings.size(); i++) {
                drivings.get(i).fill();
                running |= !lanes.get(i).finished();
            }
            if (running) {
                node.progress();
            }
        }
    }

    @Override
    public void close() {
        // See UcxNode.
    }

    private void register() {
        if (workload.kind() != Workload.Kind.READ) {
            node.register(regions.source());
        }
        if (workload.kind() != Workload.Kind.WRITE) {
            node.register(regions.target());
        }
    }

    private LaneDriving driving(Lane lane) {
        UcpEndpoint endpoint = endpoints.get(lane.connection());
        return switch (workload.kind()) {
            case ECHO -> new EchoDriving(lane, endpoint, node.worker(), regions);
            case WRITE -> new PutDriving(lane, endpoint, key(endpoint), regions.source(), server.regionAddress());
            case READ -> new GetDriving(lane, endpoint, key(endpoint), regions.target(), server.regionAddress());
        };
    }

    private UcpRemoteKey key(UcpEndpoint endpoint) {
        ByteBuffer packed = ByteBuffer.allocateDirect(server.regionKey().length);
        return endpoint.unpackRemoteKey(packed.put(server.regionKey()).flip());
    }
}
