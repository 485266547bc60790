package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.RawPeers.RawPeer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** Bytes of handshakes and frames by hand, right until somebody makes them wrong. */
final class RawFrames {
    /** Where the fields after the common ones of WRITE, READ and ATOMIC stand. */
    private static final int WANTED = 40;

    private RawFrames() {}

    static byte[] hello() {
        byte[] bytes = new byte[Handshake.FIXED_BYTES];
        new Handshake(SecurityMode.NONE, 4711, 1 << 16, 1 << 16, 16, 64, 1 << 20)
                .encode(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /** A hello with one number replaced, little-endian, so many bytes wide. */
    static byte[] hello(int at, int width, long value) {
        byte[] bytes = hello();
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    /** A frame without payload; the fields after the common ones are zero. */
    static byte[] bare(int type, int flags, int length, int sequence, int acknowledged) {
        byte[] bytes = new byte[Math.max(FrameHeader.COMMON_BYTES, FrameHeader.bytes(type))];
        FrameHeader.common(MemorySegment.ofArray(bytes), 0, type, flags, 0, length, sequence, acknowledged);
        return bytes;
    }

    /** The first write of a connection, with this payload. */
    static byte[] write(RegionDescriptor target, long offset, byte[] payload) {
        byte[] header = targeted(FrameHeader.WRITE, FrameHeader.FLAG_LAST, payload.length, target, offset);
        return ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .array();
    }

    /** The first read of a connection. */
    static byte[] read(RegionDescriptor target, long offset, long wanted) {
        byte[] header = targeted(FrameHeader.READ, FrameHeader.FLAG_LAST, 0, target, offset);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(WANTED, wanted);
        return header;
    }

    /** The first atomic of a connection: adds 0 bits, then more where asked. */
    static byte[] add(RegionDescriptor target, long offset, long delta) {
        byte[] header = targeted(FrameHeader.ATOMIC, FrameHeader.FLAG_LAST, 0, target, offset);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(WANTED, delta);
        return header;
    }

    private static byte[] targeted(int type, int flags, int length, RegionDescriptor target, long offset) {
        byte[] header = bare(type, flags, length, 1, 0);
        FrameHeader.target(
                MemorySegment.ofArray(header), 0, target.regionId(), target.generation(), target.token(), offset);
        return header;
    }

    /** A stream past the handshake. */
    static RawPeer shaken(RawPeers raw, Endpoint to, Duration bound) {
        RawPeer peer = raw.connect(to);
        peer.write(hello());
        peer.read(Handshake.FIXED_BYTES, bound);
        return peer;
    }
}
