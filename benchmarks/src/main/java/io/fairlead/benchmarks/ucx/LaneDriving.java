package io.fairlead.benchmarks.ucx;

import io.fairlead.benchmarks.Lane;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.ucp.UcpRequest;

/**
 * Keeps one lane's window full. Completions only count, and the next operations start from {@link #fill}: UCX may call back
 * from inside the call that starts an operation, which would recurse without bound.
 */
abstract class LaneDriving {
    private final Lane lane;

    final UcxCallback completed = new UcxCallback() {
        @Override
        public void onSuccess(UcpRequest request) {
            lane.completed(1);
        }
    };

    static final UcxCallback NOTHING_YET = new UcxCallback();

    LaneDriving(Lane lane) {
        this.lane = lane;
    }

    abstract void start(Lane fromLane, long op);

    final void fill() {
        while (lane.mayStart()) {
            start(lane, lane.next());
        }
    }
}
