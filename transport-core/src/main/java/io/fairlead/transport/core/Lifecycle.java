package io.fairlead.transport.core;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection: handshake, drain, end; and the death of a peer that {@link KeepAlive} finds dead. For the loop, but
 * where it says otherwise.
 */
final class Lifecycle {
    private enum Phase {
        HANDSHAKE,
        FRAMED,
        /** What went wrong is still to be told to the peer. */
        FAILING,
        ENDED
    }

    /** How long a peer has to take in why it is cut off. */
    private static final long FAREWELL_NS = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = OperationTable.NEVER;

    private final Engine engine;
    private final Outbound outbound;
    private final KeepAlive keepAlive;
    private final Timeouts timeouts;
    private final boolean client;
    private final CompletableFuture<EngineConnection> opened = new CompletableFuture<>();
    private final CompletableFuture<TransportException> closed = new CompletableFuture<>();
    private final CompletableFuture<CloseOutcome> outcome = new CompletableFuture<>();
    private volatile State state = State.OPEN;
    private volatile @Nullable PeerInfo peer;

    private Phase phase = Phase.HANDSHAKE;
    private long phaseDeadlineNs = NEVER;
    private boolean draining;
    private boolean peerDraining;
    private boolean byeSent;
    private boolean byeReceived;
    private boolean errorStaged;
    private @Nullable TransportException failure;

    Lifecycle(Engine engine, Outbound outbound, KeepAlive keepAlive, Timeouts timeouts, boolean client) {
        this.engine = engine;
        this.outbound = outbound;
        this.keepAlive = keepAlive;
        this.timeouts = timeouts;
        this.client = client;
    }

    void start(long nowNs) {
        keepAlive.heard(nowNs);
        phaseDeadlineNs = nowNs + (client ? timeouts.connect() : timeouts.handshake()).toNanos();
        if (client) {
            hello();
        }
    }

    private void hello() {
        byte[] bytes = new byte[Handshake.FIXED_BYTES];
        engine.transport().hello().encode(MemorySegment.ofArray(bytes), 0);
        outbound.handshake(bytes);
        engine.wire().wantOutput();
    }

    /** Takes the peer's handshake, and the frames behind it. */
    long handshake(MemorySegment bytes, long from, long to) {
        if (phase != Phase.HANDSHAKE) {
            return to;
        }
        Handshake hello;
        long end;
        try {
            long needed = Handshake.bytesNeeded(bytes, from, to - from);
            if (needed == 0 || to - from < needed) {
                return from;
            }
            end = from + needed;
            hello = Handshake.decode(bytes, from);
            hello.agreeOn(engine.transport().config().security());
        } catch (TransportException e) {
            refuse(e);
            return to;
        }
        if (!client) {
            hello();
        }
        phase = Phase.FRAMED;
        phaseDeadlineNs = NEVER;
        peer = hello.peerInfo(engine.operationsAllowed(hello));
        engine.opened(hello);
        opened.complete(engine.connection());
        return engine.receive(bytes, end, to);
    }

    private void refuse(TransportException why) {
        if (client) {
            terminate(
                    new TransportException(why.code(), engine.describe() + ": " + why.getMessage(), why),
                    CloseOutcome.FORCED);
            return;
        }
        byte[] room = new byte[Handshake.MAX_BYTES];
        String reason = String.valueOf(why.getMessage());
        int length = Handshake.encodeRefusal(MemorySegment.ofArray(room), 0, why.code(), reason);
        outbound.handshake(MemorySegment.ofArray(room).asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        failing(why);
        errorStaged = true;
    }

    boolean isReading() {
        return phase == Phase.HANDSHAKE || phase == Phase.FRAMED;
    }

    boolean isFramed() {
        return peer != null && phase != Phase.HANDSHAKE;
    }

    // ---- any thread --------------------------------------------------------------------------------------------

    State state() {
        return state;
    }

    @Nullable
    PeerInfo peer() {
        return peer;
    }

    CompletableFuture<EngineConnection> opened() {
        return opened;
    }

    CompletableFuture<TransportException> closed() {
        return closed.copy();
    }

    CompletableFuture<CloseOutcome> close(Duration drain) {
        if (state == State.OPEN) {
            state = State.DRAINING;
        }
        engine.onLoop(() -> beginClose(drain));
        return outcome.copy();
    }

    // ---- time --------------------------------------------------------------------------------------------------

    long dueNs(long operationsDueNs) {
        if (phase == Phase.ENDED) {
            return NEVER;
        }
        long due = Engine.earlier(operationsDueNs, phaseDeadlineNs);
        return Engine.earlier(due, keepAlive.dueNs(phase == Phase.FRAMED));
    }

    void tick(long nowNs) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (phaseDeadlineNs != NEVER && nowNs - phaseDeadlineNs >= 0) {
            phaseOver();
            return;
        }
        boolean framed = phase == Phase.FRAMED;
        String dead = keepAlive.deadBecause(nowNs, framed);
        if (dead != null) {
            terminate(
                    new TransportException(ErrorCode.PEER_DEAD, engine.describe() + ": " + dead), CloseOutcome.FORCED);
        } else if (framed && keepAlive.ping(nowNs)) {
            outbound.ping();
            engine.wire().wantOutput();
        }
    }

    private void phaseOver() {
        TransportException why = failure;
        if (why == null) {
            why = phase == Phase.HANDSHAKE
                    ? new TransportException(
                            client ? ErrorCode.CONNECT_FAILED : ErrorCode.HANDSHAKE_REFUSED,
                            engine.describe() + ": no handshake within "
                                    + (client ? timeouts.connect() : timeouts.handshake()))
                    : new TransportException(ErrorCode.CLOSED, engine.describe() + ": closed, not drained in time");
        }
        terminate(why, CloseOutcome.FORCED);
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    private void beginClose(Duration drain) {
        if (phase == Phase.HANDSHAKE) {
            terminate(closedBy("this side, before the handshake"), CloseOutcome.GRACEFUL);
        } else if (phase == Phase.FRAMED) {
            long deadline = engine.wire().loop().nowNs() + Math.max(0, drain.toNanos());
            phaseDeadlineNs = Engine.earlier(phaseDeadlineNs, deadline);
            if (!draining) {
                outbound.drain();
            }
            beginDrain();
            engine.wire().wantOutput();
        }
    }

    /** The peer wants to end: nothing new of this side's begins. */
    void peerDrains() {
        if (peerDraining) {
            engine.violation("a second DRAIN");
            return;
        }
        peerDraining = true;
        engine.turnAway();
        beginDrain();
    }

    private void beginDrain() {
        draining = true;
        engine.refuseNew(); // also where the handshake let operations in after the call of close
        if (state == State.OPEN) {
            state = State.DRAINING;
        }
        progressed();
    }

    /** Something ended: perhaps it was the last. */
    void progressed() {
        if (draining && phase == Phase.FRAMED && !byeSent && engine.isDrained()) {
            outbound.bye();
            engine.wire().wantOutput();
        }
    }

    void byeStaged() {
        byeSent = true;
    }

    void peerSaidBye() {
        if (byeReceived) {
            engine.violation("a second BYE");
            return;
        }
        byeReceived = true;
        beginDrain();
        engine.wire().wantOutput(); // also to turn away who waits for room
        if (byeSent) {
            flushed();
        }
    }

    void errorStaged() {
        errorStaged = true;
    }

    /** All that was staged has left. */
    void flushed() {
        keepAlive.flushed();
        TransportException why = failure;
        if (errorStaged && why != null) {
            terminate(why, CloseOutcome.FORCED);
        } else if (byeSent && byeReceived) {
            terminate(closedBy("agreement"), CloseOutcome.GRACEFUL);
        } else {
            progressed();
        }
    }

    /** Ends with a word to the peer. */
    void fail(TransportException cause, int sequence, String reason) {
        if (phase == Phase.HANDSHAKE) {
            refuse(new TransportException(ErrorCode.HANDSHAKE_REFUSED, reason, cause));
        }
        if (phase != Phase.FRAMED) {
            return;
        }
        outbound.error(cause.code(), sequence, reason);
        failing(cause);
    }

    private void failing(TransportException cause) {
        failure = cause;
        phase = Phase.FAILING;
        phaseDeadlineNs = engine.wire().loop().nowNs() + FAREWELL_NS;
        engine.wire().wantOutput();
    }

    void wireFailed(@Nullable Throwable cause) {
        if (phase == Phase.FAILING && failure != null) {
            terminate(failure, CloseOutcome.FORCED);
        } else if (cause == null && byeReceived) {
            terminate(closedBy("the peer"), byeSent ? CloseOutcome.GRACEFUL : CloseOutcome.FORCED);
        } else if (phase == Phase.HANDSHAKE) {
            String why = cause == null ? "the peer left during the handshake" : "the handshake failed: " + cause;
            terminate(
                    new TransportException(ErrorCode.CONNECT_FAILED, engine.describe() + ": " + why, cause),
                    CloseOutcome.FORCED);
        } else {
            String why = cause == null ? "the peer left without a word" : "the stream failed: " + cause;
            terminate(
                    new TransportException(ErrorCode.PEER_DEAD, engine.describe() + ": " + why, cause),
                    CloseOutcome.FORCED);
        }
    }

    private TransportException closedBy(String whom) {
        return new TransportException(ErrorCode.CLOSED, engine.describe() + ": closed by " + whom);
    }

    void terminate(TransportException cause, CloseOutcome how) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        state = State.CLOSED;
        engine.endAll(cause);
        engine.wire().close(errorStaged);
        outcome.complete(how);
        closed.complete(cause);
        opened.completeExceptionally(
                cause.code() == ErrorCode.PEER_DEAD
                        ? new TransportException(ErrorCode.CONNECT_FAILED, String.valueOf(cause.getMessage()), cause)
                        : cause);
    }
}
