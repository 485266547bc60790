package io.fairlead.benchmarks.ucx;

import java.lang.foreign.MemorySegment;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpMemMapParams;
import org.openucx.jucx.ucp.UcpMemory;
import org.openucx.jucx.ucp.UcpParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;

/**
 * A process's context and its one worker. One thread at a time may use it; only {@link #signal} is for any thread.
 *
 * <p>It is not closed: closing 64 endpoints was seen to spin for ever in UCX 1.13, and the child ends next anyway.
 */
final class UcxNode {
    private final boolean spinning;
    private final UcpContext context;
    private final UcpWorker worker;

    UcxNode(boolean spinning) {
        this.spinning = spinning;
        context = new UcpContext(
                new UcpParams().requestRmaFeature().requestTagFeature().requestWakeupFeature());
        worker = context.newWorker(new UcpWorkerParams());
    }

    UcpWorker worker() {
        return worker;
    }

    /** Registers the region for local and remote use; an empty one cannot be. */
    UcpMemory register(MemorySegment region) {
        return context.memoryMap(
                new UcpMemMapParams().setAddress(region.address()).setLength(region.byteSize()));
    }

    /** Lets callbacks run, at least one of them unless signalled or, when spinning, unless there is nothing. */
    void progress() throws Exception {
        if (worker.progress() != 0) {
            return;
        }
        if (spinning) {
            Thread.onSpinWait();
        } else {
            worker.waitForEvents();
        }
    }

    void signal() {
        worker.signal();
    }
}
