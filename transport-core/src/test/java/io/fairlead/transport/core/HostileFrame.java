package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.COMMON_BYTES;
import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A frame as bytes, to be changed at will: nothing holds header and payload to each other. */
final class HostileFrame {
    /** A field of a header by its place; {@code bytes} is 1, 2, 4 or 8. */
    record Field(int at, int bytes) {}

    private static final List<Field> COMMON = List.of(
            new Field(0, 1), new Field(1, 1), new Field(2, 2), new Field(4, 4), new Field(8, 4), new Field(12, 4));

    private static final List<Field> TARGET =
            List.of(new Field(16, 4), new Field(20, 4), new Field(24, 8), new Field(32, 8), new Field(40, 8));

    byte[] header;
    byte[] payload;

    HostileFrame(byte[] header, byte[] payload) {
        this.header = header;
        this.payload = payload;
    }

    static HostileFrame of(int type, int flags, int aux, int payloadBytes, int sequence, int acknowledged) {
        byte[] header = new byte[Math.max(COMMON_BYTES, FrameHeader.bytes(type))];
        FrameHeader.common(MemorySegment.ofArray(header), 0, type, flags, aux, payloadBytes, sequence, acknowledged);
        byte[] payload = new byte[payloadBytes];
        Arrays.fill(payload, (byte) 0x5a);
        return new HostileFrame(header, payload);
    }

    HostileFrame copy() {
        return new HostileFrame(header.clone(), payload.clone());
    }

    MemorySegment fields() {
        return MemorySegment.ofArray(header);
    }

    int type() {
        return header[0] & 0xff;
    }

    boolean has(int flag) {
        return (header[1] & flag) != 0;
    }

    /** Whether it carries a number of the sender's sequence. */
    boolean isOperation() {
        return switch (type()) {
            case FrameHeader.WRITE,
                    FrameHeader.READ,
                    FrameHeader.ATOMIC,
                    FrameHeader.SEND,
                    FrameHeader.MESSAGE,
                    FrameHeader.REQUEST,
                    FrameHeader.REPLY -> true;
            default -> false;
        };
    }

    /** The fields of the header it has the length of. */
    List<Field> layout() {
        List<Field> all = new ArrayList<>(COMMON);
        switch (header.length) {
            case 24 -> all.add(new Field(16, 8));
            case 32 -> all.addAll(List.of(new Field(16, 8), new Field(16, 4), new Field(24, 8)));
            case 48 -> all.addAll(TARGET);
            case 56 -> {
                all.addAll(TARGET);
                all.add(new Field(48, 8));
            }
            default -> {
                // the common ones only
            }
        }
        return all;
    }

    long get(Field field) {
        MemorySegment h = fields();
        return switch (field.bytes()) {
            case 1 -> header[field.at()];
            case 2 -> h.get(FrameHeader.SHORT, field.at());
            case 4 -> h.get(FrameHeader.INT, field.at());
            default -> h.get(FrameHeader.LONG, field.at());
        };
    }

    void set(Field field, long value) {
        MemorySegment h = fields();
        switch (field.bytes()) {
            case 1 -> header[field.at()] = (byte) value;
            case 2 -> h.set(FrameHeader.SHORT, field.at(), (short) value);
            case 4 -> h.set(FrameHeader.INT, field.at(), (int) value);
            default -> h.set(FrameHeader.LONG, field.at(), value);
        }
    }

    /** Takes a recorded stream of frames apart; payloads become {@code 5a}, tokens those of grant 0. */
    static List<HostileFrame> parse(byte[] stream, int from) {
        List<HostileFrame> frames = new ArrayList<>();
        ArrayDeque<HostileFrame> deferred = new ArrayDeque<>();
        MemorySegment bytes = MemorySegment.ofArray(stream);
        int at = from;
        while (at < stream.length) {
            int headerBytes = FrameHeader.bytes(FrameHeader.type(bytes, at));
            int payload = FrameHeader.length(bytes, at);
            byte[] filled = new byte[payload];
            Arrays.fill(filled, (byte) 0x5a);
            HostileFrame frame = new HostileFrame(Arrays.copyOfRange(stream, at, at + headerBytes), filled);
            if (headerBytes >= 48) {
                frame.fields().set(FrameHeader.LONG, FrameHeader.TOKEN, HostileCase.TOKEN_0);
            }
            frames.add(frame);
            deferred.add(frame);
            at += headerBytes;
            if (!frame.has(FLAG_DEFERRED)) {
                for (HostileFrame each : deferred) {
                    at += each.payload.length;
                }
                deferred.clear();
            }
        }
        return frames;
    }

    /** The stream of these frames; the payloads of runs behind their headers. */
    static byte[] encode(List<HostileFrame> frames) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        ArrayDeque<byte[]> deferred = new ArrayDeque<>();
        for (HostileFrame frame : frames) {
            stream.writeBytes(frame.header);
            deferred.add(frame.payload);
            if (!frame.has(FLAG_DEFERRED)) {
                deferred.forEach(stream::writeBytes);
                deferred.clear();
            }
        }
        deferred.forEach(stream::writeBytes);
        return stream.toByteArray();
    }
}
