package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;
import static io.fairlead.transport.core.FrameHeader.FLAG_SWAP;

import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.core.HostileCase.Do;
import io.fairlead.transport.core.HostileCase.Give;
import io.fairlead.transport.core.HostileCase.Step;
import io.fairlead.transport.core.HostileFrame.Field;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes hostile cases of seeds: recorded conversations changed, frames made up, handshakes forged, garbage. */
final class HostileCases {
    private static final long[] TELLING = {
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

    /** What the recorded client did, so that what the recorded server answers fits. */
    private static final List<Do> SCRIPT = List.of(
            new Do("write", 20_000),
            new Do("write", 77),
            new Do("notify", 4500),
            new Do("send", 0),
            new Do("send", 12_000),
            new Do("datagram", 60),
            new Do("request", 6000),
            new Do("add", 0),
            new Do("swap", 0),
            new Do("read", 20_077),
            new Do("read", 4500),
            new Do("fence", 0));

    private static final String[] OPERATIONS = {
        "write", "notify", "read", "send", "request", "datagram", "add", "swap", "fence"
    };

    private final List<HostileFrame> toServer;
    private final List<HostileFrame> toClient;

    HostileCases() {
        try (Conversation conversation = new Conversation()) {
            conversation.hold(Conversation::whole);
            toServer = HostileFrame.parse(conversation.toServer.toByteArray(), Handshake.FIXED_BYTES);
            toClient = HostileFrame.parse(conversation.toClient.toByteArray(), Handshake.FIXED_BYTES);
        }
    }

    HostileCase of(long seed) {
        return new Maker(new SplittableRandom(seed)).make();
    }

    private final class Maker {
        private final SplittableRandom random;
        private final boolean server;

        /** The attacked side does what the recorded one did. */
        private final boolean scripted;

        private final List<Step> steps = new ArrayList<>();

        /** Sequences of the attacked side's operations that are to be answered, and their kinds. */
        private final List<Do> submitted = new ArrayList<>();

        Maker(SplittableRandom random) {
            this.random = random;
            this.server = random.nextBoolean();
            this.scripted = !server && chance(60);
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        HostileCase make() {
            boolean inline = chance(65);
            if (chance(25)) {
                steps.add(new Do("hold", 1));
            }
            if (chance(4)) {
                give(garbage(1 + random.nextInt(300)));
            } else {
                byte[] hello = hello();
                if (chance(12)) {
                    hello = forged(hello);
                }
                give(hello);
                operations();
                if (chance(10)) {
                    steps.add(new Do("stall", 1));
                }
                List<HostileFrame> frames = new ArrayList<>();
                if (server ? chance(55) : scripted == chance(95)) {
                    for (HostileFrame frame : server ? toServer : toClient) {
                        frames.add(frame.copy());
                    }
                    if (server && chance(70)) { // what ends it comes at the end only sometimes
                        frames.removeIf(frame -> frame.type() >= FrameHeader.DRAIN);
                    }
                    mutate(frames);
                } else {
                    int count = 1 + random.nextInt(chance(10) ? 400 : 30);
                    boolean flood = chance(20);
                    for (int i = 0; i < count; i++) {
                        frames.add(flood && i > 0 ? frames.getFirst().copy() : madeUp());
                    }
                    if (chance(40)) {
                        mutate(frames);
                    }
                }
                if (chance(80)) {
                    renumber(frames);
                }
                byte[] stream = HostileFrame.encode(frames);
                give(chance(15) ? scratched(stream) : stream);
            }
            ending();
            return new HostileCase(server, inline, steps);
        }

        private byte[] hello() {
            byte[] hello = new byte[Handshake.FIXED_BYTES];
            Handshake.of(HostileRun.LIMITS, SecurityMode.NONE, 77).encode(MemorySegment.ofArray(hello), 0);
            return hello;
        }

        private byte[] forged(byte[] hello) {
            int[][] fields = {
                {0, 4}, {4, 1}, {5, 1}, {6, 2}, {8, 4}, {12, 1}, {13, 1}, {14, 2}, {16, 8}, {24, 4}, {28, 4}, {32, 4},
                {36, 4}, {40, 8}
            };
            HostileFrame all = new HostileFrame(hello, new byte[0]);
            for (int n = random.nextInt(3); n >= 0; n--) {
                int[] field = fields[random.nextInt(fields.length)];
                change(all, new Field(field[0], field[1]));
            }
            if (chance(30)) {
                hello[4] = 2;
                byte[] text = new byte[random.nextInt(4200)];
                all.set(new Field(14, 2), text.length);
                byte[] both = Arrays.copyOf(hello, hello.length + text.length);
                return chance(20) ? Arrays.copyOf(both, random.nextInt(both.length)) : both;
            }
            return chance(20) ? Arrays.copyOf(hello, random.nextInt(hello.length)) : hello;
        }

        private byte[] garbage(int length) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) random.nextInt(256);
            }
            return bytes;
        }

        /** What the attacked side has in flight. */
        private void operations() {
            if (scripted) {
                steps.add(new Do("stall", 1)); // all are submitted before any is sent, as they were
                SCRIPT.forEach(this::operation);
                steps.add(new Do("stall", 0));
            } else {
                for (int n = random.nextInt(chance(10) ? 60 : 6); n > 0; n--) {
                    operation(anyOperation());
                }
            }
        }

        private Do anyOperation() {
            int largest = switch (random.nextInt(3)) {
                case 0 -> 100;
                case 1 -> 5000;
                default -> 16_384;
            };
            return new Do(OPERATIONS[random.nextInt(OPERATIONS.length)], 1 + random.nextInt(largest));
        }

        private void operation(Do what) {
            steps.add(what);
            if (!what.what().equals("datagram") && !what.what().equals("fence")) {
                submitted.add(what);
            }
        }

        // ---- changes -------------------------------------------------------------------------------------------

        private void mutate(List<HostileFrame> frames) {
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(frames.size() + 1);
                if (at == frames.size()) {
                    frames.add(madeUp());
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
                        List<HostileFrame> other = server == chance(70) ? toServer : toClient;
                        frames.add(at, other.get(random.nextInt(other.size())).copy());
                    }
                    case 7 -> resize(frame, chance(50));
                    case 8 -> frame.header[1] ^= (byte) (1 << random.nextInt(5));
                    case 9 -> run(frames, at);
                    default -> frames.add(at, madeUp());
                }
                if (frames.isEmpty()) {
                    return;
                }
            }
        }

        private void change(HostileFrame frame, Field field) {
            long now = frame.get(field);
            long next = switch (random.nextInt(6)) {
                case 0, 1 -> TELLING[random.nextInt(TELLING.length)];
                case 2 -> now + 1;
                case 3 -> now - 1;
                case 4 -> now ^ 1L << random.nextInt(8 * field.bytes());
                default -> random.nextLong();
            };
            frame.set(field, next);
        }

        private void resize(HostileFrame frame, boolean told) {
            int length = random.nextInt(chance(50) ? 40 : 5100);
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

        private byte[] scratched(byte[] stream) {
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
        private void renumber(List<HostileFrame> frames) {
            int next = 1;
            boolean acknowledgeNothing = chance(70);
            for (HostileFrame frame : frames) {
                if (chance(1)) {
                    continue;
                }
                if (frame.isOperation()) {
                    frame.set(new Field(8, 4), next);
                    next += frame.has(FLAG_LAST) ? 1 : 0;
                }
                if (server && acknowledgeNothing) {
                    frame.set(new Field(12, 4), 0);
                }
            }
        }

        // ---- frames made up ------------------------------------------------------------------------------------

        private HostileFrame madeUp() {
            int acknowledged = chance(97) ? 0 : random.nextInt(submitted.size() + 2);
            int deferred = chance(25) ? FLAG_DEFERRED : 0;
            int size = random.nextInt(chance(60) ? 100 : 5000);
            int type = 1 + random.nextInt(chance(3) ? 17 : 16);
            if ((type == FrameHeader.ERROR || type == FrameHeader.BYE) && chance(85)) {
                type = FrameHeader.WRITE;
            }
            return switch (type) {
                case FrameHeader.WRITE -> {
                    int flags = deferred | (chance(80) ? FLAG_LAST : 0) | (chance(20) ? FLAG_NOTIFY : 0);
                    yield target(HostileFrame.of(type, flags, 0, size, 1, acknowledged), size, random.nextInt());
                }
                case FrameHeader.READ -> {
                    long wanted = random.nextInt(chance(50) ? 100 : 40_000);
                    HostileFrame frame = HostileFrame.of(type, chance(95) ? FLAG_LAST : 0, 0, 0, 1, acknowledged);
                    yield target(frame, wanted, wanted);
                }
                case FrameHeader.ATOMIC -> {
                    int flags = (chance(95) ? FLAG_LAST : 0) | (chance(50) ? FLAG_SWAP : 0);
                    yield target(HostileFrame.of(type, flags, 0, 0, 1, acknowledged), 8, random.nextInt(4));
                }
                case FrameHeader.READ_DATA -> readData(deferred, size, acknowledged);
                case FrameHeader.ATOMIC_RESULT ->
                    HostileFrame.of(type, FLAG_LAST, 0, 0, sequenceOf("add", "swap"), acknowledged);
                case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> message(type, size, acknowledged);
                case FrameHeader.DATAGRAM -> HostileFrame.of(type, FLAG_LAST, 0, size, 0, acknowledged);
                case FrameHeader.CREDIT -> {
                    HostileFrame frame = HostileFrame.of(type, 0, 0, 0, 0, acknowledged);
                    frame.set(new Field(16, 8), random.nextInt(4));
                    frame.set(new Field(24, 8), random.nextInt(chance(50) ? 2 : 20_000));
                    yield frame;
                }
                case FrameHeader.ERROR ->
                    HostileFrame.of(type, 0, random.nextInt(30), random.nextInt(1100), random.nextInt(5), acknowledged);
                default -> HostileFrame.of(type, 0, 0, 0, 0, acknowledged);
            };
        }

        /** A range in a grant, mostly. */
        private HostileFrame target(HostileFrame frame, long bytes, long more) {
            boolean second = chance(6);
            long room = second ? 4096 : Conversation.REGION_BYTES;
            long offset = bytes > room ? 0 : random.nextLong(room - bytes + 1) & (chance(95) ? -8 : -1);
            if (chance(3)) {
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
                if (submitted.get(i).what().equals(kind)
                        || submitted.get(i).what().equals(orKind)) {
                    fitting.add(i + 1);
                }
            }
            return fitting.isEmpty() || chance(10)
                    ? random.nextInt(20)
                    : fitting.get(random.nextInt(chance(70) ? 1 : fitting.size()));
        }

        private HostileFrame readData(int deferred, int size, int acknowledged) {
            int sequence = sequenceOf("read", "read");
            int bytes = size;
            int flags = deferred;
            if (sequence >= 1 && sequence <= submitted.size() && chance(70)) {
                long wanted = submitted.get(sequence - 1).number();
                bytes = (int) Math.min(5000, wanted);
                flags |= bytes == wanted ? FLAG_LAST : 0;
            }
            return HostileFrame.of(FrameHeader.READ_DATA, flags, 0, bytes, sequence, acknowledged);
        }

        private HostileFrame message(int type, int size, int acknowledged) {
            boolean whole = chance(70);
            long total = whole ? size : TELLING[random.nextInt(TELLING.length)];
            int aux = type == FrameHeader.REPLY && chance(20) ? random.nextInt(30) : 0;
            HostileFrame frame = HostileFrame.of(type, whole ? FLAG_LAST : 0, aux, size, 1, acknowledged);
            frame.set(new Field(16, 4), total);
            frame.set(new Field(24, 8), chance(90) ? random.nextInt(40) : random.nextLong());
            return frame;
        }

        // ---- time and pieces -----------------------------------------------------------------------------------

        private void give(byte[] bytes) {
            int largest = switch (random.nextInt(5)) {
                case 0 -> 40;
                case 1 -> 700;
                case 2 -> 8000;
                default -> Integer.MAX_VALUE;
            };
            if (bytes.length > 20_000) {
                largest = Math.max(largest, 700);
            }
            for (int at = 0; at < bytes.length; ) {
                int piece = largest == Integer.MAX_VALUE ? bytes.length : 1 + random.nextInt(largest);
                int end = Math.min(bytes.length, at + Math.min(piece, bytes.length));
                steps.add(new Give(Arrays.copyOfRange(bytes, at, end)));
                at = end;
                if (chance(6)) {
                    happening();
                }
            }
        }

        private void happening() {
            switch (random.nextInt(12)) {
                case 0 -> steps.add(new Do("tick", random.nextInt(4000)));
                case 1 -> steps.add(new Do("tick", chance(20) ? 301_000 : 100));
                case 2 -> steps.add(new Do("revoke", random.nextInt(2)));
                case 3 -> steps.add(new Do("close", random.nextInt(3) * 500));
                case 4 -> steps.add(new Do("handlers", 0));
                case 5 -> steps.add(new Do("reply", 0));
                case 6 -> steps.add(new Do("refuse", 0));
                case 7 -> steps.add(new Do("cancel", random.nextInt(12)));
                case 8 -> steps.add(new Do("stall", random.nextInt(2)));
                case 9 -> steps.add(new Do("output", random.nextInt(9000)));
                default -> operation(anyOperation());
            }
        }

        private void ending() {
            for (int n = random.nextInt(3); n > 0; n--) {
                happening();
            }
            switch (random.nextInt(5)) {
                case 0 -> steps.add(new Do("leave", 0));
                case 1 -> steps.add(new Do("break", 0));
                case 2 -> steps.add(new Do("close", 700));
                default -> {
                    // it says nothing more
                }
            }
        }
    }
}
