package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Lane;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps a lane's window full from the completions on the loop. One object for all operations: nothing is allocated. */
abstract class LaneDriver implements ConnectionHandler, Completion {
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private @Nullable Connection connection;
    private @Nullable Lane lane;

    void connected(Connection opened) {
        connection = opened;
    }

    Connection connection() {
        return Objects.requireNonNull(connection);
    }

    Lane lane() {
        return Objects.requireNonNull(lane);
    }

    /** Begins on the loop, since a lane belongs to one thread: a fence with nothing before it ends there at once. */
    void start(Lane driven) {
        check(
                driven,
                connection()
                        .tryFence(
                                TIMEOUT_NS,
                                (context, failure, value) -> {
                                    lane = driven;
                                    fill();
                                },
                                0));
    }

    void fill() {
        Lane driven = lane();
        while (driven.mayStart()) {
            check(driven, submit(driven, driven.next()));
        }
    }

    /** Starts one operation. @return what the SPI answered */
    abstract long submit(Lane driven, long op);

    private static void check(Lane driven, long answer) {
        if (answer < 0) {
            driven.fail(new IllegalStateException("refused: " + ErrorCode.ofRefusal(answer)));
        }
    }

    @Override
    public Dispatch dispatch() {
        return Dispatch.INLINE;
    }

    void failed(TransportException failure) {
        lane().fail(failure);
    }
}
