package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpWorker;

/** A tagged message out of the source, and one back into the target. */
final class EchoDriving extends LaneDriving {
    private final UcpEndpoint endpoint;
    private final UcpWorker worker;
    private final long source;
    private final long target;

    EchoDriving(Lane lane, UcpEndpoint endpoint, UcpWorker worker, Regions regions) {
        super(lane);
        this.endpoint = endpoint;
        this.worker = worker;
        source = regions.source().address();
        target = regions.target().address();
    }

    @Override
    void start(Lane lane, long op) {
        int bytes = lane.workload().payloadBytes();
        worker.recvTaggedNonBlocking(
                target + lane.targetOffset(op), bytes, EchoServing.TO_CLIENT, EchoServing.WHOLE_TAG, completed);
        endpoint.sendTaggedNonBlocking(source + lane.sourceOffset(op), bytes, EchoServing.TO_SERVER, NOTHING_YET);
    }
}
