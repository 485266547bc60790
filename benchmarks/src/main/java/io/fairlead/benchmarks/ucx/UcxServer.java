package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.openucx.jucx.ucp.UcpConnectionRequest;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpListener;
import org.openucx.jucx.ucp.UcpListenerParams;
import org.openucx.jucx.ucp.UcpMemory;

/** Offers its region and makes progress on a thread of its own; echoes messages if that is the work. */
final class UcxServer implements Contestant.ServerSide {
    private final UcxNode node;
    private final boolean echoing;
    private final ServerAddress address;
    private final Queue<UcpConnectionRequest> arrivals = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closing;

    UcxServer(UcxNode node, Workload workload, Regions regions) {
        this.node = node;
        echoing = workload.kind() == Workload.Kind.ECHO;
        UcpListener listener = node.worker()
                .newListener(new UcpListenerParams()
                        .setSockAddr(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .setConnectionHandler(arrivals::add));
        address = address(listener.getAddress().getPort(), workload, regions);
        thread = Thread.ofPlatform().daemon().name("ucx-progress").start(this::run);
    }

    @Override
    public String address() {
        return address.print();
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        node.signal();
        thread.join();
    }

    private ServerAddress address(int port, Workload workload, Regions regions) {
        if (workload.kind() == Workload.Kind.ECHO) {
            return new ServerAddress(port, 0, new byte[0]);
        }
        MemorySegment region = workload.kind() == Workload.Kind.WRITE ? regions.target() : regions.source();
        UcpMemory memory = node.register(region);
        ByteBuffer packed = memory.getRemoteKeyBuffer();
        byte[] key = new byte[packed.remaining()];
        packed.get(key);
        return new ServerAddress(port, region.address(), key);
    }

    private void run() {
        try {
            while (!closing) {
                node.progress();
                for (UcpConnectionRequest arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
                    accept(arrival);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    /** Outside of the listener's callback, where UCX does not like new endpoints. */
    private void accept(UcpConnectionRequest arrival) {
        UcpEndpoint endpoint = node.worker().newEndpoint(new UcpEndpointParams().setConnectionRequest(arrival));
        if (echoing) {
            new EchoServing(node.worker(), endpoint).receive();
        }
    }
}
