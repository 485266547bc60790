package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Lane;
import java.lang.foreign.MemorySegment;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpRemoteKey;

/** A put and a flush for each operation. */
final class PutDriving extends LaneDriving {
    private final UcpEndpoint endpoint;
    private final UcpRemoteKey key;
    private final long source;
    private final long target;

    PutDriving(Lane lane, UcpEndpoint endpoint, UcpRemoteKey key, MemorySegment source, long target) {
        super(lane);
        this.endpoint = endpoint;
        this.key = key;
        this.source = source.address();
        this.target = target;
    }

    @Override
    void start(Lane lane, long op) {
        endpoint.putNonBlocking(
                source + lane.sourceOffset(op),
                lane.workload().payloadBytes(),
                target + lane.targetOffset(op),
                key,
                NOTHING_YET);
        endpoint.flushNonBlocking(completed);
    }
}
