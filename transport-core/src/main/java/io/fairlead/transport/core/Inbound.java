package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames apart. A header is checked whole before a byte of its payload is accepted, and tells at once where the
 * payload goes, so the wire can read straight to that place. What follows from a frame follows when its payload is complete. For the
 * loop only.
 */
final class Inbound {
    /** A smaller payload is cheaper to copy from the staging buffer than to read by a call of its own. */
    private static final int DIRECT_BYTES = 8192;

    /** Read beyond a large payload: room for the headers of a run, and at worst so many bytes of a payload to copy. */
    private static final int READ_AHEAD_BYTES = 4 * FrameHeader.MAX_BYTES;

    private final Engine engine;
    private final Initiator initiator;
    private final Target target;
    private final Acknowledgement acknowledgement;
    private final Deliveries deliveries;
    private final MessageAssembly assembly;
    private final SmallWrites smallWrites = new SmallWrites();
    private final FrameAcceptance acceptance;
    private final PlacementRun run = new PlacementRun();

    /** The frame whose header is being looked at, or whose payload is being received. */
    private Placement frame = new Placement();

    private boolean largePayloads;
    private byte[] errorText = new byte[0];

    Inbound(
            Engine engine,
            Initiator initiator,
            Target target,
            Acknowledgement acknowledgement,
            Deliveries deliveries,
            ResponseQueue responses,
            Limits limits) {
        this.engine = engine;
        this.initiator = initiator;
        this.target = target;
        this.acknowledgement = acknowledgement;
        this.deliveries = deliveries;
        this.assembly = new MessageAssembly(initiator, target, deliveries, limits.maxMessageBytes());
        this.acceptance = new FrameAcceptance(engine, initiator, deliveries, responses, assembly, smallWrites, limits);
    }

    int readAhead() {
        return largePayloads ? READ_AHEAD_BYTES : StagingPool.BYTES;
    }

    /** The frame that is being received, or announced, for the memory of a grant; or null. */
    @Nullable
    Placement using(RegionGrant revoked) {
        return frame.grant == revoked ? frame : run.using(revoked);
    }

    /** The operation has ended: what comes for it is thrown away. */
    void abandon(OperationSlot slot) {
        run.abandon(slot);
        if (frame.reading == slot) {
            frame.discard();
        }
    }

    /** The stream has ended: lets go of memory. */
    void end() {
        smallWrites.place();
        run.end();
        frame.end();
        frame.payloadLeft = 0;
        assembly.clear();
    }

    // ---- bytes -------------------------------------------------------------------------------------------------

    @Nullable
    ByteBuffer payloadTarget() {
        RegisteredRegion region = frame.sink;
        return region == null || frame.payloadLeft == 0 || frame.frameBytes < DIRECT_BYTES ? null : frame.view(region);
    }

    void payloadReceived(int bytes) {
        frame.sinkOffset += bytes;
        frame.payloadLeft -= bytes;
        if (frame.payloadLeft == 0) {
            finishAll();
        }
    }

    /** Takes what it can of {@code from} up to {@code to}. @return where the rest, less than a header, starts */
    long receive(MemorySegment bytes, long from, long to) {
        try {
            return frames(bytes, from, to);
        } finally {
            smallWrites.place();
        }
    }

    private long frames(MemorySegment bytes, long from, long to) {
        long at = from;
        while (engine.isReading()) {
            if (frame.payloadLeft > 0) {
                int now = (int) Math.min(frame.payloadLeft, to - at);
                if (now == 0) {
                    return at;
                }
                payload(bytes, at, now);
                at += now;
                continue;
            }
            if (to - at < FrameHeader.COMMON_BYTES) {
                return at;
            }
            long first = FrameHeader.first(bytes, at);
            int type = FrameHeader.type(first);
            if (type == FrameHeader.MESSAGE && run.isEmpty()) {
                long next = message(bytes, at, first, to);
                if (next > at) {
                    at = next;
                    continue;
                }
            }
            int headerBytes = FrameHeader.bytes(type);
            if (headerBytes == 0) {
                engine.violation("unknown frame type " + type);
                return to;
            }
            long payloadAt = at + headerBytes;
            if (to < payloadAt) {
                return at;
            }
            if (!acceptance.accept(frame, bytes, at, first, to - payloadAt, !run.isEmpty()) || !accepted(frame)) {
                return to;
            }
            at = payloadAt;
            if (frame.payloadLeft == 0 && !frame.has(FLAG_DEFERRED)) {
                finishAll();
            }
        }
        return to;
    }

    /** Takes a whole message, if it is one. @return where the next frame starts, or {@code at} */
    private long message(MemorySegment bytes, long at, long first, long to) {
        long payloadAt = at + FrameHeader.COMMON_BYTES;
        long second = FrameHeader.second(bytes, at);
        if (!acceptance.acceptWhole(first, second, to - payloadAt)) {
            return at;
        }
        int length = FrameHeader.length(first);
        acknowledgement.delivered(FrameHeader.sequence(second));
        assembly.deliver(bytes, payloadAt, length);
        return payloadAt + length;
    }

    private void payload(MemorySegment bytes, long at, int count) {
        Placement now = frame;
        RegisteredRegion region = now.sink;
        if (region != null && now.small) {
            smallWrites.add(now, bytes, at, region);
        } else if (region != null) {
            smallWrites.place();
            MemorySegment.copy(bytes, at, region.segment(), now.sinkOffset, count);
            now.sinkOffset += count;
            now.dropView();
        } else if (now.type == FrameHeader.ERROR) {
            if (now.payloadLeft == now.frameBytes) {
                errorText = new byte[now.frameBytes];
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, errorText, errorText.length - now.payloadLeft, count);
        } else if (now.reading == null) {
            if (assembly.takesWhole(now.type, count)) {
                assembly.whole(bytes, at);
            } else {
                assembly.append(bytes, at, count);
            }
        }
        now.payloadLeft -= count;
        if (now.payloadLeft == 0) {
            finishAll();
        }
    }

    // ---- runs --------------------------------------------------------------------------------------------------

    /** A header is accepted: its payload comes next, or behind those deferred before. @return false if that cannot be */
    private boolean accepted(Placement f) {
        if (f.frameBytes > 0) {
            largePayloads = f.frameBytes >= DIRECT_BYTES;
        }
        if (f.has(FLAG_DEFERRED) && (run.isFull() || f.frameBytes == 0)) {
            engine.violation("more than " + FrameHeader.MAX_DEFERRED + " deferred payloads, or an empty one");
            return false;
        }
        f.payloadLeft = f.frameBytes;
        if (f.has(FLAG_DEFERRED)) {
            frame = run.append(f);
            // A placeholder until the next header: it must not look like a frame with a payload, nor like a finished
            // one.
            frame.flags = FLAG_DEFERRED;
        } else if (!run.isEmpty()) {
            // The end of a run: the payloads deferred before come first.
            frame = run.takeFirst(run.append(f));
        }
        return true;
    }

    /** The payload of the current frame is complete: so may be others, that have none. */
    private void finishAll() {
        finish(frame);
        while (!run.isEmpty()) {
            frame = run.takeFirst(frame);
            if (frame.payloadLeft > 0) {
                return;
            }
            finish(frame);
        }
    }

    /** A notification that came past the frames. */
    void notified(int tag) {
        smallWrites.place();
        if (deliveries.admit(0)) {
            deliveries.notified(tag);
        } else {
            engine.violation("notification without a credit");
        }
    }

    // ---- ends of frames ----------------------------------------------------------------------------------------

    private void finish(Placement f) {
        OperationSlot read = f.reading;
        f.end();
        boolean last = f.has(FLAG_LAST);
        switch (f.type) {
            case FrameHeader.WRITE -> {
                target.placed(f.has(FLAG_NOTIFY), f.frameBytes);
                if (last) {
                    acknowledgement.placed(f.sequence);
                    if (f.has(FLAG_NOTIFY)) {
                        deliveries.notified(f.tag);
                    }
                }
            }
            case FrameHeader.READ, FrameHeader.ATOMIC -> acknowledgement.placed(f.sequence);
            case FrameHeader.READ_DATA -> {
                if (last && read != null) {
                    initiator.answerTaken(read, read.length);
                }
            }
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> {
                if (last) {
                    acknowledgement.delivered(f.sequence);
                    assembly.deliver(f.aux);
                }
            }
            case FrameHeader.DATAGRAM -> assembly.deliver(0);
            case FrameHeader.PING -> engine.pinged();
            case FrameHeader.ERROR ->
                engine.peerFailed(ErrorCode.ofNumber(f.aux), f.sequence, new String(errorText, StandardCharsets.UTF_8));
            case FrameHeader.DRAIN -> engine.lifecycle().peerDrains();
            case FrameHeader.BYE -> engine.lifecycle().peerSaidBye();
            default -> {
                // ACK, CREDIT, PONG and ATOMIC_RESULT are done with their headers.
            }
        }
    }
}
