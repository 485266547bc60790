package io.fairlead.transport.kcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The end of a socket's pipeline: parts control datagrams from KCP. For the loop of the socket. */
abstract class DatagramHandler extends SimpleChannelInboundHandler<DatagramPacket> implements KcpWire.Owner {
    private final KcpNetwork network;
    private final KcpLoop loop;

    DatagramHandler(KcpNetwork network, KcpLoop loop) {
        this.network = network;
        this.loop = loop;
    }

    /** A datagram of KCP, at least as long as a segment's header. */
    abstract void segments(int conversation, MemorySegment bytes, int length, InetSocketAddress from);

    /** A control datagram of our version. */
    abstract void control(ControlDatagram said, InetSocketAddress from);

    /** A control datagram of another version. */
    abstract void otherVersion(int version, long nonce, int length, InetSocketAddress from);

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf content = packet.content();
        if (content.readableBytes() < ControlDatagram.HEADER_BYTES) {
            return;
        }
        ByteBuffer bytes = content.internalNioBuffer(content.readerIndex(), content.readableBytes());
        if (!ControlDatagram.isControl(bytes)) {
            int length = bytes.remaining();
            int conversation = content.getIntLE(content.readerIndex());
            segments(conversation, MemorySegment.ofBuffer(bytes), length, packet.sender());
        } else if (ControlDatagram.version(bytes) != ControlDatagram.VERSION) {
            otherVersion(
                    ControlDatagram.version(bytes),
                    ControlDatagram.nonce(bytes),
                    content.readableBytes(),
                    packet.sender());
        } else {
            ControlDatagram said = ControlDatagram.decode(bytes);
            if (said != null) {
                control(said, packet.sender());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.flush();
    }

    @Override
    public boolean sayClose(KcpWire wire) {
        if (network.settings().dialect() != Dialect.NATIVE || !channel().isOpen()) {
            return false;
        }
        send(channel(), ControlDatagram.close(wire.conversation(), wire.secret()), wire.address());
        return true;
    }

    /** Sends it, unless the kernel takes nothing now: then it is lost, as any datagram may be. */
    static void send(Channel by, ControlDatagram said, InetSocketAddress to) {
        if (!by.isWritable()) {
            return;
        }
        ByteBuf out = by.alloc().directBuffer().writeBytes(said.encode());
        by.writeAndFlush(new DatagramPacket(out, to), by.voidPromise());
    }
}
