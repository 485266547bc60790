package io.fairlead.benchmarks.latency.peer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.StringJoiner;

/** Counts the bytes that the threads of this process allocate, all but the one that asks. */
final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long[] ids = {};
    private long[] marked = {};

    /** Counts from here on. */
    void mark() {
        ids = THREADS.getAllThreadIds();
        marked = THREADS.getThreadAllocatedBytes(ids);
    }

    /** Since {@link #mark}: the bytes of all threads together, then by thread where there are some, without spaces. */
    String sinceMark() {
        long[] now = THREADS.getThreadAllocatedBytes(ids);
        long sum = 0;
        StringJoiner byThread = new StringJoiner(",");
        for (int i = 0; i < ids.length; i++) {
            // A thread that has ended has -1.
            long bytes = now[i] - marked[i];
            if (ids[i] != Thread.currentThread().threadId() && bytes > 0) {
                sum += bytes;
                byThread.add(name(ids[i]) + "=" + bytes);
            }
        }
        return sum + " " + (sum == 0 ? "-" : byThread);
    }

    private static String name(long id) {
        var thread = THREADS.getThreadInfo(id);
        return thread == null ? "ended" : thread.getThreadName().replace(' ', '_');
    }
}
