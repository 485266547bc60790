package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;
import static io.fairlead.transport.core.FrameHeader.FLAG_SWAP;
import static io.fairlead.transport.core.HostileCases.chance;

import io.fairlead.transport.core.HostileCase.Do;
import io.fairlead.transport.core.HostileFrame.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes frames up that nobody sent: most of each is as it should be, so that what is wrong is reached. */
final class FrameForgery {
    /** Values at the edges of something. */
    static final long[] TELLING = {
        0,
        1,
        2,
        7,
        8,
        15,
        16,
        512,
        4999,
        5000,
        5001,
        16_384,
        16_385,
        32_768,
        39_992,
        40_000,
        40_001,
        1 << 17,
        Short.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -8
    };

    private final SplittableRandom random;

    /** What the attacked side has in flight, by sequence from 1; grows. */
    private final List<Do> submitted;

    FrameForgery(SplittableRandom random, List<Do> submitted) {
        this.random = random;
        this.submitted = submitted;
    }

    HostileFrame madeUp() {
        int acknowledged = chance(random, 97) ? 0 : random.nextInt(submitted.size() + 2);
        int deferred = chance(random, 25) ? FLAG_DEFERRED : 0;
        int size = random.nextInt(chance(random, 60) ? 100 : 5000);
        int type = 1 + random.nextInt(chance(random, 3) ? 18 : 17);
        if ((type == FrameHeader.ERROR || type == FrameHeader.BYE) && chance(random, 85)) {
            type = FrameHeader.WRITE;
        }
        return switch (type) {
            case FrameHeader.WRITE -> {
                int flags = deferred | (chance(random, 80) ? FLAG_LAST : 0) | (chance(random, 20) ? FLAG_NOTIFY : 0);
                yield target(HostileFrame.of(type, flags, 0, size, 1, acknowledged), size, random.nextInt());
            }
            case FrameHeader.READ -> {
                long wanted = random.nextInt(chance(random, 50) ? 100 : 40_000);
                HostileFrame frame = HostileFrame.of(type, chance(random, 95) ? FLAG_LAST : 0, 0, 0, 1, acknowledged);
                yield target(frame, wanted, wanted);
            }
            case FrameHeader.ATOMIC -> {
                int flags = (chance(random, 95) ? FLAG_LAST : 0) | (chance(random, 50) ? FLAG_SWAP : 0);
                yield target(HostileFrame.of(type, flags, 0, 0, 1, acknowledged), 8, random.nextInt(4));
            }
            case FrameHeader.READ_DATA -> readData(deferred, size, acknowledged);
            case FrameHeader.ATOMIC_RESULT ->
                HostileFrame.of(type, FLAG_LAST, 0, 0, sequenceOf("add", "swap"), acknowledged);
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> message(type, size, acknowledged);
            case FrameHeader.MESSAGE ->
                HostileFrame.of(type, chance(random, 95) ? FLAG_LAST : 0, 0, size, 1, acknowledged);
            case FrameHeader.DATAGRAM -> HostileFrame.of(type, FLAG_LAST, 0, size, 0, acknowledged);
            case FrameHeader.CREDIT -> {
                HostileFrame frame = HostileFrame.of(type, 0, 0, 0, 0, acknowledged);
                frame.set(new Field(16, 8), random.nextInt(4));
                frame.set(new Field(24, 8), random.nextInt(chance(random, 50) ? 2 : 20_000));
                yield frame;
            }
            case FrameHeader.ERROR ->
                HostileFrame.of(type, 0, random.nextInt(30), random.nextInt(1100), random.nextInt(5), acknowledged);
            default -> HostileFrame.of(type, 0, 0, 0, 0, acknowledged);
        };
    }

    /** A range in a grant, mostly. */
    private HostileFrame target(HostileFrame frame, long bytes, long more) {
        boolean second = chance(random, 6);
        long room = second ? 4096 : Conversation.REGION_BYTES;
        long offset = bytes > room ? 0 : random.nextLong(room - bytes + 1) & (chance(random, 95) ? -8 : -1);
        if (chance(random, 3)) {
            offset = room - bytes + random.nextInt(3);
        }
        FrameHeader.target(
                frame.fields(), 0, second ? 1 : 0, 0, second ? HostileCase.TOKEN_1 : HostileCase.TOKEN_0, offset);
        frame.set(new Field(40, 8), more);
        return frame;
    }

    private int sequenceOf(String kind, String orKind) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < submitted.size(); i++) {
            if (submitted.get(i).what().equals(kind) || submitted.get(i).what().equals(orKind)) {
                fitting.add(i + 1);
            }
        }
        return fitting.isEmpty() || chance(random, 10)
                ? random.nextInt(20)
                : fitting.get(random.nextInt(chance(random, 70) ? 1 : fitting.size()));
    }

    private HostileFrame readData(int deferred, int size, int acknowledged) {
        int sequence = sequenceOf("read", "read");
        int bytes = size;
        int flags = deferred;
        if (sequence >= 1 && sequence <= submitted.size() && chance(random, 70)) {
            long wanted = submitted.get(sequence - 1).number();
            bytes = (int) Math.min(5000, wanted);
            flags |= bytes == wanted ? FLAG_LAST : 0;
        }
        return HostileFrame.of(FrameHeader.READ_DATA, flags, 0, bytes, sequence, acknowledged);
    }

    private HostileFrame message(int type, int size, int acknowledged) {
        boolean whole = chance(random, 70);
        long total = whole ? size : TELLING[random.nextInt(TELLING.length)];
        int aux = type == FrameHeader.REPLY && chance(random, 20) ? random.nextInt(30) : 0;
        HostileFrame frame = HostileFrame.of(type, whole ? FLAG_LAST : 0, aux, size, 1, acknowledged);
        frame.set(new Field(16, 4), total);
        frame.set(new Field(24, 8), chance(random, 90) ? random.nextInt(40) : random.nextLong());
        return frame;
    }
}
