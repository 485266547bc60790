package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.HostileCases.chance;

import io.fairlead.transport.core.HostileFrame.Field;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes frames that were once sent, and the bytes that they make. */
final class FrameMutation {
    private final SplittableRandom random;
    private final FrameForgery forgery;
    private final List<HostileFrame> sameWay;
    private final List<HostileFrame> otherWay;

    /** @param sameWay what was recorded in the direction of the attack */
    FrameMutation(
            SplittableRandom random, FrameForgery forgery, List<HostileFrame> sameWay, List<HostileFrame> otherWay) {
        this.random = random;
        this.forgery = forgery;
        this.sameWay = sameWay;
        this.otherWay = otherWay;
    }

    void mutate(List<HostileFrame> frames) {
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(frames.size() + 1);
            if (at == frames.size()) {
                frames.add(forgery.madeUp());
                continue;
            }
            HostileFrame frame = frames.get(at);
            switch (random.nextInt(11)) {
                case 0, 1, 2 -> {
                    List<Field> fields = frame.layout();
                    change(frame, fields.get(random.nextInt(fields.size())));
                }
                case 3 -> frames.add(at, frame.copy());
                case 4 -> frames.remove(at);
                case 5 -> frames.add(random.nextInt(frames.size()), frames.remove(at));
                case 6 -> {
                    List<HostileFrame> other = chance(random, 70) ? sameWay : otherWay;
                    frames.add(at, other.get(random.nextInt(other.size())).copy());
                }
                case 7 -> resize(frame, chance(random, 50));
                case 8 -> frame.header[1] ^= (byte) (1 << random.nextInt(5));
                case 9 -> run(frames, at);
                default -> frames.add(at, forgery.madeUp());
            }
            if (frames.isEmpty()) {
                return;
            }
        }
    }

    void change(HostileFrame frame, Field field) {
        long now = frame.get(field);
        long next = switch (random.nextInt(6)) {
            case 0, 1 -> FrameForgery.TELLING[random.nextInt(FrameForgery.TELLING.length)];
            case 2 -> now + 1;
            case 3 -> now - 1;
            case 4 -> now ^ 1L << random.nextInt(8 * field.bytes());
            default -> random.nextLong();
        };
        frame.set(field, next);
    }

    private void resize(HostileFrame frame, boolean told) {
        int length = random.nextInt(chance(random, 50) ? 40 : 5100);
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 0x5a);
        frame.payload = payload;
        if (told) {
            frame.set(new Field(4, 4), length);
        }
    }

    /** Makes a run of what stands there, whether or not that may be in one. */
    private void run(List<HostileFrame> frames, int from) {
        int end = Math.min(frames.size(), from + 1 + random.nextInt(18));
        for (int i = from; i < end; i++) {
            frames.get(i).header[1] |= FLAG_DEFERRED;
        }
    }

    byte[] scratched(byte[] stream) {
        if (stream.length == 0) {
            return stream;
        }
        byte[] bytes = stream.clone();
        switch (random.nextInt(3)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                for (int n = random.nextInt(8); n >= 0; n--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                byte[] noise = garbage(1 + random.nextInt(100));
                int at = random.nextInt(bytes.length);
                System.arraycopy(noise, 0, bytes, at, Math.min(noise.length, bytes.length - at));
            }
        }
        return bytes;
    }

    /** Lets the sequences be right, and mostly what is acknowledged, so that what is wrong elsewhere is reached. */
    void renumber(List<HostileFrame> frames, boolean toServer) {
        int next = 1;
        boolean acknowledgeNothing = chance(random, 70);
        for (HostileFrame frame : frames) {
            if (chance(random, 1)) {
                continue;
            }
            if (frame.isOperation()) {
                frame.set(new Field(8, 4), next);
                next += frame.has(FLAG_LAST) ? 1 : 0;
            }
            if (toServer && acknowledgeNothing) {
                frame.set(new Field(12, 4), 0);
            }
        }
    }

    byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
