package io.fairlead.transport.kcp;

import io.netty.channel.ChannelPipeline;

/**
 * What lies between KCP and the socket: handlers for {@link io.netty.channel.socket.DatagramPacket}s of both directions, that know
 * nothing of KCP. The place for encryption, FEC, and networks that are bad on purpose.
 */
@FunctionalInterface
interface DatagramLayer {
    DatagramLayer NONE = pipeline -> {};

    /** Adds its handlers to the pipeline of a new socket, before those of KCP. On the loop of the socket. */
    void addTo(ChannelPipeline pipeline);
}
