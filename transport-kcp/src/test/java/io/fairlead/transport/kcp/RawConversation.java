package io.fairlead.transport.kcp;

import io.fairlead.transport.kcp.ControlDatagram.Type;
import io.fairlead.transport.kcp.protocol.DatagramSink;
import io.fairlead.transport.kcp.protocol.Kcp;
import io.fairlead.transport.kcp.protocol.KcpPresets;
import io.fairlead.transport.kcp.protocol.Receiver;
import io.fairlead.transport.kcp.protocol.SlotPool;
import io.fairlead.transport.testkit.RawPeers.RawPeer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A stream over KCP whose bytes are the test's. It lives only while one of its methods runs, as the stranger it is. */
final class RawConversation implements RawPeer {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final RawSocket socket;
    private final int conversation;
    private final long secret;
    private final Kcp kcp;
    private boolean closed;

    RawConversation(RawSocket socket, int conversation, long secret) {
        this.socket = socket;
        this.conversation = conversation;
        this.secret = secret;
        MemorySegment out = MemorySegment.ofArray(new byte[2048]);
        DatagramSink sink = new DatagramSink() {
            @Override
            public MemorySegment buffer() {
                return out;
            }

            @Override
            public void submit(MemorySegment buffer, int offset, int lengthBytes) {
                socket.send(buffer.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
            }
        };
        SlotPool slots = new SlotPool(KcpPresets.NATIVE.segments().slotBytes(), 4096);
        kcp = new Kcp(conversation, KcpPresets.NATIVE, slots, sink, Receiver.PULLED, System.nanoTime());
    }

    /** Takes what came and sends what is due. */
    private void turn() {
        for (ByteBuffer came = socket.poll(); came != null; came = socket.poll()) {
            if (!ControlDatagram.isControl(came)) {
                kcp.input(came, System.nanoTime());
                continue;
            }
            ControlDatagram said = ControlDatagram.decode(came);
            if (said != null && said.type() == Type.CLOSE && said.nonce() == secret) {
                closed = true;
                socket.send(new ControlDatagram(Type.CLOSED, conversation, secret, new byte[0]).encode());
            }
        }
        kcp.flush(System.nanoTime());
    }

    /** Returns when the other side has it all. */
    @Override
    public void write(byte[] bytes) {
        MemorySegment source = MemorySegment.ofArray(bytes);
        int sent = 0;
        long deadlineNs = System.nanoTime() + LONG.toNanos();
        while ((sent < bytes.length || kcp.waitSend() > 0) && !closed && System.nanoTime() < deadlineNs) {
            sent += Math.max(0, kcp.send(source, sent, bytes.length - sent));
            turn();
            Thread.onSpinWait();
        }
    }

    @Override
    public byte[] read(int bytes, Duration bound) {
        byte[] read = new byte[bytes];
        MemorySegment target = MemorySegment.ofArray(read);
        long deadlineNs = System.nanoTime() + bound.toNanos();
        int at = 0;
        while (at < bytes) {
            turn();
            int got = kcp.receive(target, at, bytes - at);
            at += Math.max(0, got);
            if (got <= 0 && (closed || System.nanoTime() > deadlineNs)) {
                throw new AssertionError(bytes + " bytes did not come within " + bound + ", only " + at
                        + (closed ? ", then the end" : ""));
            }
        }
        return read;
    }

    @Override
    public boolean awaitClosed(Duration bound) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        MemorySegment ignored = MemorySegment.ofArray(new byte[4096]);
        while (!closed && System.nanoTime() < deadlineNs) {
            turn();
            while (kcp.receive(ignored, 0, 4096) > 0) {}
            LockSupport.parkNanos(200_000);
        }
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            socket.send(new ControlDatagram(Type.CLOSE, conversation, secret, new byte[0]).encode());
        }
        kcp.close();
        socket.close();
    }
}
