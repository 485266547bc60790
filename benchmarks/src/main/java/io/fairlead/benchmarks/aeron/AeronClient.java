package io.fairlead.benchmarks.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Drives the one lane from the calling thread, which also works the driver. */
final class AeronClient implements Contestant.ClientSide {
    private static final int FRAGMENTS_PER_POLL = 64;
    private static final long NONE = -1;

    private final AeronNode node;
    private final Subscription replies;
    private final ExclusivePublication requests;
    private final UnsafeBuffer source;
    private final UnsafeBuffer target;
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[WriteReceiver.HEADER_BYTES]);
    private long pending = NONE;
    private long echoing;

    AeronClient(AeronNode node, AeronPorts ports, Regions regions) {
        this.node = node;
        source = new UnsafeBuffer(regions.source().asByteBuffer());
        target = new UnsafeBuffer(regions.target().asByteBuffer());
        replies = node.subscribe(ports.toClient());
        requests = node.publish(ports.toServer());
        while (!requests.isConnected() || !replies.isConnected()) {
            node.idle(node.work());
        }
    }

    @Override
    public void drive(List<Lane> lanes) {
        Lane lane = lanes.getFirst();
        boolean echo = lane.workload().kind() == Workload.Kind.ECHO;
        FragmentHandler onReply = echo
                ? (buffer, offset, length, ignored) -> {
                    buffer.getBytes(offset, target, (int) lane.targetOffset(echoing), length);
                    lane.completed(1);
                }
                : (buffer, offset, length, ignored) -> lane.completed(buffer.getLong(offset) - lane.completedCount());
        while (!lane.finished()) {
            int work = fill(lane, echo) + node.work();
            work += replies.poll(onReply, FRAGMENTS_PER_POLL);
            node.idle(work);
        }
    }

    @Override
    public void close() {
        node.close();
    }

    /** An operation that the publication has no room for stays pending, and is the first of the next cycle. */
    private int fill(Lane lane, boolean echo) {
        int started = 0;
        while (pending != NONE || lane.mayStart()) {
            if (pending == NONE) {
                pending = lane.next();
            }
            if (!offer(lane, pending, echo)) {
                break;
            }
            pending = NONE;
            started++;
        }
        return started;
    }

    private boolean offer(Lane lane, long op, boolean echo) {
        int from = (int) lane.sourceOffset(op);
        int length = lane.workload().payloadBytes();
        if (echo) {
            echoing = op;
            return requests.offer(source, from, length) > 0;
        }
        header.putLong(0, lane.targetOffset(op));
        return requests.offer(header, 0, WriteReceiver.HEADER_BYTES, source, from, length) > 0;
    }
}
