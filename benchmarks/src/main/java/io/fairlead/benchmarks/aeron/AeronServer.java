package io.fairlead.benchmarks.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import org.agrona.concurrent.UnsafeBuffer;

/** Echoes, or places writes and acknowledges once per poll, on one thread that also works the driver. */
final class AeronServer implements Contestant.ServerSide {
    private static final int FRAGMENTS_PER_POLL = 64;

    private final AeronNode node;
    private final AeronPorts ports;
    private final Subscription requests;
    private final ExclusivePublication replies;
    private final Thread thread;
    private volatile boolean closing;

    AeronServer(AeronNode node, AeronPorts ports, Workload workload, Regions regions) {
        this.node = node;
        this.ports = ports;
        requests = node.subscribe(ports.toServer());
        replies = node.publish(ports.toClient());
        Runnable body = workload.kind() == Workload.Kind.ECHO
                ? this::echo
                : () -> placeWrites(new WriteReceiver(regions.target()));
        thread = Thread.ofPlatform().daemon().name("aeron-serve").start(body);
    }

    @Override
    public String address() {
        return ports.print();
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
        node.close();
    }

    private void echo() {
        FragmentHandler reply = (buffer, offset, length, header) -> {
            while (replies.offer(buffer, offset, length) < 0 && !closing) {
                node.work();
            }
        };
        while (!closing) {
            node.idle(node.work() + requests.poll(reply, FRAGMENTS_PER_POLL));
        }
    }

    private void placeWrites(WriteReceiver receiver) {
        UnsafeBuffer ack = new UnsafeBuffer(new byte[Long.BYTES]);
        long acknowledged = 0;
        while (!closing) {
            int work = node.work() + requests.poll(receiver, FRAGMENTS_PER_POLL);
            if (receiver.placed() > acknowledged) {
                ack.putLong(0, receiver.placed());
                // An acknowledgement that finds no room is made up for by the next cycle's.
                if (replies.offer(ack, 0, Long.BYTES) > 0) {
                    acknowledged = receiver.placed();
                }
            }
            node.idle(work);
        }
    }
}
