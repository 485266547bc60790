package io.fairlead.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this process has used since its start. */
public record ProcessUsage(long cpuNs, long allocatedBytes) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public static ProcessUsage now() {
        return new ProcessUsage(SYSTEM.getProcessCpuTime(), THREADS.getTotalThreadAllocatedBytes());
    }

    ProcessUsage since(ProcessUsage earlier) {
        return new ProcessUsage(cpuNs - earlier.cpuNs, allocatedBytes - earlier.allocatedBytes);
    }

    String print() {
        return cpuNs + " " + allocatedBytes;
    }

    static ProcessUsage parse(String text) {
        String[] parts = text.split(" ", -1);
        return new ProcessUsage(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
