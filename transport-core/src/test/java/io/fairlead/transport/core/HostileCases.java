package io.fairlead.transport.core;

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

    /** So often in a hundred times. */
    static boolean chance(SplittableRandom random, int percent) {
        return random.nextInt(100) < percent;
    }

    private final class Maker {
        private final SplittableRandom random;
        private final boolean server;

        /** The attacked side does what the recorded one did. */
        private final boolean scripted;

        private final List<Step> steps = new ArrayList<>();

        /** Sequences of the attacked side's operations that are to be answered, and their kinds. */
        private final List<Do> submitted = new ArrayList<>();

        private final FrameForgery forgery;
        private final FrameMutation mutation;

        Maker(SplittableRandom random) {
            this.random = random;
            this.server = random.nextBoolean();
            this.scripted = !server && chance(random, 60);
            this.forgery = new FrameForgery(random, submitted);
            this.mutation =
                    new FrameMutation(random, forgery, server ? toServer : toClient, server ? toClient : toServer);
        }

        HostileCase make() {
            boolean inline = chance(random, 65);
            if (chance(random, 25)) {
                steps.add(new Do("hold", 1));
            }
            if (chance(random, 4)) {
                give(mutation.garbage(1 + random.nextInt(300)));
            } else {
                byte[] hello = hello();
                if (chance(random, 12)) {
                    hello = forged(hello);
                }
                give(hello);
                operations();
                if (chance(random, 10)) {
                    steps.add(new Do("stall", 1));
                }
                List<HostileFrame> frames = new ArrayList<>();
                if (server ? chance(random, 55) : scripted == chance(random, 95)) {
                    for (HostileFrame frame : server ? toServer : toClient) {
                        frames.add(frame.copy());
                    }
                    if (server && chance(random, 70)) { // what ends it comes at the end only sometimes
                        frames.removeIf(frame -> frame.type() >= FrameHeader.DRAIN);
                    }
                    mutation.mutate(frames);
                } else {
                    int count = 1 + random.nextInt(chance(random, 10) ? 400 : 30);
                    boolean flood = chance(random, 20);
                    for (int i = 0; i < count; i++) {
                        frames.add(flood && i > 0 ? frames.getFirst().copy() : forgery.madeUp());
                    }
                    if (chance(random, 40)) {
                        mutation.mutate(frames);
                    }
                }
                if (chance(random, 80)) {
                    mutation.renumber(frames, server);
                }
                byte[] stream = HostileFrame.encode(frames);
                give(chance(random, 15) ? mutation.scratched(stream) : stream);
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
                mutation.change(all, new Field(field[0], field[1]));
            }
            if (chance(random, 30)) {
                hello[4] = 2;
                byte[] text = new byte[random.nextInt(4200)];
                all.set(new Field(14, 2), text.length);
                byte[] both = Arrays.copyOf(hello, hello.length + text.length);
                return chance(random, 20) ? Arrays.copyOf(both, random.nextInt(both.length)) : both;
            }
            return chance(random, 20) ? Arrays.copyOf(hello, random.nextInt(hello.length)) : hello;
        }

        /** What the attacked side has in flight. */
        private void operations() {
            if (scripted) {
                steps.add(new Do("stall", 1)); // all are submitted before any is sent, as they were
                SCRIPT.forEach(this::operation);
                steps.add(new Do("stall", 0));
            } else {
                for (int n = random.nextInt(chance(random, 10) ? 60 : 6); n > 0; n--) {
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
                if (chance(random, 6)) {
                    happening();
                }
            }
        }

        private void happening() {
            switch (random.nextInt(12)) {
                case 0 -> steps.add(new Do("tick", random.nextInt(4000)));
                case 1 -> steps.add(new Do("tick", chance(random, 20) ? 301_000 : 100));
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
