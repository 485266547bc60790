package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.testkit.CompletionLog;
import java.time.Duration;

/**
 * The callback forms of one connection into one log: each waits for room, and has a deadline far off unless told.
 *
 * @param timeout the operations' deadline
 */
record Calls(Connection connection, CompletionLog log, Duration timeout) {
    static final Duration FAR_OFF = Duration.ofSeconds(60);

    Calls(Connection connection, CompletionLog log) {
        this(connection, log, FAR_OFF);
    }

    long write(int i, MemoryRegion source, long from, RegionDescriptor target, long to, long bytes) {
        return patiently(
                i, (done, context) -> connection.tryWrite(source, from, target, to, bytes, ns(), done, context));
    }

    long writeNotify(int i, MemoryRegion source, long from, RegionDescriptor target, long to, long bytes, int tag) {
        return patiently(
                i,
                (done, context) ->
                        connection.tryWriteNotify(source, from, target, to, bytes, tag, ns(), done, context));
    }

    long read(int i, MemoryRegion destination, long to, RegionDescriptor source, long from, long bytes) {
        return patiently(
                i, (done, context) -> connection.tryRead(destination, to, source, from, bytes, ns(), done, context));
    }

    long add(int i, RegionDescriptor target, long at, long delta) {
        return patiently(i, (done, context) -> connection.tryFetchAndAdd(target, at, delta, ns(), done, context));
    }

    long send(int i, MemoryRegion source, long from, long bytes) {
        return patiently(i, (done, context) -> connection.trySend(source, from, bytes, ns(), done, context));
    }

    long datagram(int i, MemoryRegion source, long from, long bytes) {
        return patiently(i, (done, context) -> connection.tryDatagram(source, from, bytes, ns(), done, context));
    }

    long fence(int i) {
        return patiently(i, (done, context) -> connection.tryFence(ns(), done, context));
    }

    /** Requests once; a refusal is the caller's to see. */
    long request(int i, MemoryRegion source, long from, long bytes) {
        return log.submitRequest(
                i, (handler, context) -> connection.tryRequest(source, from, bytes, ns(), handler, context));
    }

    private long patiently(int i, CompletionLog.Submission submission) {
        return log.submitPatiently(i, timeout, submission);
    }

    private long ns() {
        return timeout.toNanos();
    }
}
