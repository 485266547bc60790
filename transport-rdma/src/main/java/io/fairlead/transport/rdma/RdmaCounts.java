package io.fairlead.transport.rdma;

/**
 * What one poller counts. Plain, since only the poller writes: whoever reads sees what was counted a moment ago, and whole numbers, as on
 * every machine of 64 bits.
 */
final class RdmaCounts {
    long completions;
    long polls;
    long posts;
    long requests;
    long queueDepth;
}
