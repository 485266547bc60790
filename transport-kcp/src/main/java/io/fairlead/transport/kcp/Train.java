package io.fairlead.transport.kcp;

import io.fairlead.transport.kcp.protocol.DatagramSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of one connection on their way out. KCP writes them one behind the other; as long as they are equally long they go to
 * the kernel in one piece with the length of each (UDP GSO), where that is possible. For one loop, one connection at a time.
 */
final class Train implements DatagramSink {
    /** The kernel takes 64 segments, and 64 KiB with all headers. */
    private static final int MOST_DATAGRAMS = 44;

    private final int mtuBytes;
    private final boolean segmented;
    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private @Nullable Channel channel;
    private @Nullable InetSocketAddress remote;
    private int datagramBytes;
    private int end;
    private int count;
    private boolean written;

    Train(int mtuBytes, boolean segmented) {
        this.mtuBytes = mtuBytes;
        this.segmented = segmented;
        memory = Arena.ofAuto().allocate((long) MOST_DATAGRAMS * mtuBytes, 64);
        bytes = memory.asByteBuffer();
    }

    /** What comes is for this peer, until {@link #depart}. */
    void towards(Channel by, InetSocketAddress to) {
        channel = by;
        remote = to;
    }

    @Override
    public MemorySegment buffer() {
        return memory.asSlice(end, mtuBytes);
    }

    @Override
    public void submit(MemorySegment buffer, int offset, int lengthBytes) {
        if (count > 0 && lengthBytes > datagramBytes) {
            // Longer than the ones before: a train of its own, which begins where these begin.
            int from = end;
            write();
            MemorySegment.copy(memory, from, memory, 0, lengthBytes);
        }
        if (count == 0) {
            datagramBytes = lengthBytes;
        }
        count++;
        end += lengthBytes;
        if (lengthBytes < datagramBytes || count == MOST_DATAGRAMS) {
            write(); // only the last may be shorter
        }
    }

    private void write() {
        Channel to = channel;
        InetSocketAddress address = remote;
        if (count == 0 || to == null || address == null) {
            return;
        }
        ByteBuf out = to.alloc().directBuffer(end, end);
        out.writeBytes(bytes.limit(end).position(0));
        bytes.clear();
        if (count == 1) {
            to.write(new DatagramPacket(out, address), to.voidPromise());
        } else if (segmented) {
            to.write(new SegmentedDatagramPacket(out, datagramBytes, address), to.voidPromise());
        } else {
            for (int at = 0; at < end; at += datagramBytes) {
                ByteBuf one = out.retainedSlice(at, Math.min(datagramBytes, end - at));
                to.write(new DatagramPacket(one, address), to.voidPromise());
            }
            out.release();
        }
        written = true;
        end = 0;
        count = 0;
    }

    /** All of this connection's are there: off they go. */
    void depart() {
        write();
        Channel to = channel;
        if (written && to != null) {
            to.flush();
        }
        written = false;
        channel = null;
        remote = null;
    }
}
