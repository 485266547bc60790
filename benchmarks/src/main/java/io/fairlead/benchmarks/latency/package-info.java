/**
 * Latency and bandwidth between two processes: ours over any provider, beside the tools that others measure RDMA and TCP with.
 */
@NullMarked
package io.fairlead.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
