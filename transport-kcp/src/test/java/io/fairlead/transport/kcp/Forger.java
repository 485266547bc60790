package io.fairlead.transport.kcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Sends strange things beside what a socket sends, from its own address: what a forger could who knows it all.
 *
 * @param rate how many strange ones for each true one
 */
record Forger(long seed, double rate, Kind... kinds) implements DatagramLayer {
    /** What is strange about a datagram. */
    enum Kind {
        /** It was sent before. */
        REPLAYED,
        /** It ends too early. */
        TRUNCATED,
        /** Some of its bytes are others. */
        CHANGED,
        /** It is noise. */
        RANDOM
    }

    @Override
    public void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new Handler(new Random(seed), rate, kinds));
    }

    private static final class Handler extends ChannelOutboundHandlerAdapter {
        private static final int REMEMBERED = 256;

        private final Random random;
        private final double rate;
        private final Kind[] kinds;
        private final List<byte[]> sent = new ArrayList<>();

        Handler(Random random, double rate, Kind[] kinds) {
            this.random = random;
            this.rate = rate;
            this.kinds = kinds;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            DatagramPacket packet = (DatagramPacket) message;
            byte[] bytes = new byte[packet.content().readableBytes()];
            packet.content().getBytes(packet.content().readerIndex(), bytes);
            if (sent.size() < REMEMBERED) {
                sent.add(bytes);
            } else {
                sent.set(random.nextInt(REMEMBERED), bytes);
            }
            while (random.nextDouble() < rate / (1 + rate)) {
                ByteBuf strange = context.alloc().directBuffer().writeBytes(strange());
                context.write(new DatagramPacket(strange, packet.recipient()), context.voidPromise());
            }
            context.write(packet, promise);
        }

        private byte[] strange() {
            byte[] bytes = sent.get(random.nextInt(sent.size())).clone();
            switch (kinds[random.nextInt(kinds.length)]) {
                case REPLAYED -> {}
                case TRUNCATED -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                case CHANGED -> {
                    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                        bytes[random.nextInt(Math.min(bytes.length, 48))] = (byte) random.nextInt(256);
                    }
                }
                case RANDOM -> {
                    bytes = new byte[random.nextInt(1500)];
                    random.nextBytes(bytes);
                }
            }
            return bytes;
        }
    }
}
