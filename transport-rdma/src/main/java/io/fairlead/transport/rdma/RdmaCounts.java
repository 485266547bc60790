package io.fairlead.transport.rdma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What one poller counts. */
final class RdmaCounts {
    final Count completions = new Count();
    final Count polls = new Count();
    final Count posts = new Count();
    final Count requests = new Count();
    final Count queueDepth = new Count();

    /** Counted by the poller, read by any thread: a plain addition, where an adder would need an atomic one. */
    static final class Count {
        private static final VarHandle SUM;

        static {
            try {
                SUM = MethodHandles.lookup().findVarHandle(Count.class, "sum", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private long sum;

        void add(long count) {
            SUM.setOpaque(this, sum + count);
        }

        long sum() {
            return (long) SUM.getOpaque(this);
        }
    }
}
