package io.fairlead.transport.rdma;

import java.util.concurrent.atomic.LongAdder;

/** What the pollers of a transport count. */
final class RdmaCounts {
    final LongAdder completions = new LongAdder();
    final LongAdder polls = new LongAdder();
    final LongAdder posts = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder queueDepth = new LongAdder();
}
