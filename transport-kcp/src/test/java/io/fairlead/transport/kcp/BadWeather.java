package io.fairlead.transport.kcp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A network that loses, overtakes and duplicates what comes to a socket. What a socket sends meets the weather of the other side.
 *
 * @param lossPercent of the datagrams
 * @param seed of the dice; each socket has its own
 */
record BadWeather(int lossPercent, long seed) implements DatagramLayer {
    private static final double LATE = 0.02;
    private static final double TWICE = 0.02;

    @Override
    public void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new Handler(lossPercent / 100.0, new Random(seed)));
    }

    private static final class Handler extends ChannelInboundHandlerAdapter {
        private final double loss;
        private final Random random;
        private final Set<DatagramPacket> late = new HashSet<>();

        Handler(double loss, Random random) {
            this.loss = loss;
            this.random = random;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            double dice = random.nextDouble();
            if (dice < loss) {
                packet.release();
            } else if (dice > 1 - LATE) {
                late.add(packet);
                context.executor().schedule(() -> later(context, packet), 1 + random.nextInt(5), TimeUnit.MILLISECONDS);
            } else {
                if (dice > 1 - LATE - TWICE) {
                    context.fireChannelRead(packet.copy());
                }
                context.fireChannelRead(packet);
            }
        }

        private void later(ChannelHandlerContext context, DatagramPacket packet) {
            if (late.remove(packet)) {
                context.fireChannelRead(packet);
                context.fireChannelReadComplete();
            }
        }

        /** The socket is gone: so is what was still on its way. */
        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            late.forEach(DatagramPacket::release);
            late.clear();
        }
    }
}
