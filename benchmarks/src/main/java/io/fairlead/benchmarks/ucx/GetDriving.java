package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Lane;
import java.lang.foreign.MemorySegment;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpRemoteKey;

/** A get for each operation; its completion says that the bytes are here. */
final class GetDriving extends LaneDriving {
    private final UcpEndpoint endpoint;
    private final UcpRemoteKey key;
    private final long target;
    private final long source;

    GetDriving(Lane lane, UcpEndpoint endpoint, UcpRemoteKey key, MemorySegment target, long source) {
        super(lane);
        this.endpoint = endpoint;
        this.key = key;
        this.target = target.address();
        this.source = source;
    }

    @Override
    void start(Lane lane, long op) {
        endpoint.getNonBlocking(
                source + lane.sourceOffset(op),
                key,
                target + lane.targetOffset(op),
                lane.workload().payloadBytes(),
                completed);
    }
}
