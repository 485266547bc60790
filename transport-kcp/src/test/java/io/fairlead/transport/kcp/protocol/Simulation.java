package io.fairlead.transport.kcp.protocol;

import java.util.PriorityQueue;

/** A virtual clock and what happens when; events of the same time in the order in which they were planned. One thread, no sleep. */
final class Simulation {
    private record Event(long timeNs, long order, Runnable action) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.timeNs != b.timeNs ? Long.compare(a.timeNs, b.timeNs) : Long.compare(a.order, b.order));
    private long nowNs;
    private long planned;

    Simulation(long startNs) {
        nowNs = startNs;
    }

    long nowNs() {
        return nowNs;
    }

    void at(long timeNs, Runnable action) {
        events.add(new Event(Math.max(timeNs, nowNs), planned++, action));
    }

    /** Makes the next event happen, unless that is after {@code untilNs}. @return whether one did */
    boolean step(long untilNs) {
        Event next = events.peek();
        if (next == null || next.timeNs > untilNs) {
            return false;
        }
        events.remove();
        nowNs = next.timeNs;
        next.action.run();
        return true;
    }

    void run(long untilNs) {
        boolean more = true;
        while (more) {
            more = step(untilNs);
        }
        nowNs = Math.max(nowNs, untilNs);
    }
}
