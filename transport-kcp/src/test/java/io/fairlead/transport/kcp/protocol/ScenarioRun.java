package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/** Plays a {@link Scenario} to its end and fails on the first byte that is not as it was sent, or if it does not end. */
final class ScenarioRun {
    private static final long LONGEST_NS = 7_200_000_000_000L;
    private static final int MOST_EVENTS = 3_000_000;

    private final Scenario scenario;
    private final SplittableRandom random;
    private final Simulation simulation;
    private final SlotPool[] pools = new SlotPool[2];
    private final SimulatedLink[] links = new SimulatedLink[2];
    private final SimulatedEnd[] ends = new SimulatedEnd[2];
    private final Side[] sides = new Side[2];
    private final boolean messages;
    private int mostSlots;
    int events;

    ScenarioRun(Scenario scenario) {
        this.scenario = scenario;
        this.random = new SplittableRandom(~scenario.seed());
        this.simulation = new Simulation(random.nextLong(1L << 50));
        this.messages = !scenario.configs()[0].segments().stream();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            links[i] = new SimulatedLink(
                    simulation, scenario.links()[i], random.split(), datagram -> ends[other].arrived(datagram));
            int slotBytes = scenario.configs()[i].segments().slotBytes();
            pools[i] = new SlotPool(slotBytes, slotBound(i));
            sides[i] = new Side(i);
            FirstNumbers first = scenario.first();
            FirstNumbers mine = i == 0 ? first : new FirstNumbers(first.received(), first.sent(), ~first.stampMs());
            Kcp kcp = new Kcp(0xCAFE, scenario.configs()[i], pools[i], links[i], sides[i], simulation.nowNs(), mine);
            ends[i] = new SimulatedEnd(simulation, kcp, scenario.flushes()[i]);
        }
    }

    /** What the bounds of the configuration add up to, one message of most segments beyond the mark included. */
    private int slotBound(int i) {
        KcpConfig config = scenario.configs()[i];
        return config.queue().highSegments() + 255 + config.windows().receiveSegments();
    }

    void play() {
        long start = simulation.nowNs();
        for (Side side : sides) {
            simulation.at(start + random.nextLong(50_000_000), side::sendSome);
        }
        if (scenario.outage()) {
            long down = start + random.nextLong(2_000_000_000L);
            simulation.at(down, () -> links[random.nextInt(2)].down(true));
            simulation.at(down + random.nextLong(5_000_000_000L), () -> {
                links[0].down(false);
                links[1].down(false);
            });
        }
        while (!done()) {
            if (!simulation.step(start + LONGEST_NS) || ++events > MOST_EVENTS) {
                throw failure("stalled after " + (simulation.nowNs() - start) / 1_000_000 + " ms and " + events
                        + " events: sent " + sides[0].sent + "/" + scenario.bytes()[0] + " and " + sides[1].sent + "/"
                        + scenario.bytes()[1] + ", received " + sides[1].received + " and " + sides[0].received
                        + ", waiting " + ends[0].kcp.waitSend() + " and " + ends[1].kcp.waitSend() + ", states "
                        + ends[0].kcp.state() + " and " + ends[1].kcp.state());
            }
            mostSlots = Math.max(mostSlots, Math.max(pools[0].slotsInUse(), pools[1].slotsInUse()));
        }
        for (int i = 0; i < 2; i++) {
            if (pools[i].slotsInUse() != 0) {
                throw failure("slots of end " + i + " still in use: " + pools[i].slotsInUse());
            }
            KcpStats stats = ends[i].kcp.stats();
            if (stats.refused() + stats.foreign() + stats.noSlot() > 0) {
                throw failure("honest datagrams refused: " + stats.refused() + ", foreign " + stats.foreign()
                        + ", without slot " + stats.noSlot());
            }
        }
    }

    private boolean done() {
        for (int i = 0; i < 2; i++) {
            if (sides[i].sent < scenario.bytes()[i]
                    || sides[1 - i].received < scenario.bytes()[i]
                    || ends[i].kcp.waitSend() > 0) {
                return false;
            }
        }
        return true;
    }

    AssertionError failure(String what) {
        return new AssertionError("seed " + scenario.seed() + ": " + what + "; replay with -Dfairlead.kcp.seed="
                + scenario.seed() + "\n" + scenario.configs()[0] + "\n" + scenario.configs()[1] + "\n"
                + scenario.links()[0] + "\n" + scenario.links()[1]);
    }

    /** The application of one end. */
    private final class Side implements Receiver {
        private final int me;
        private final BytePattern mine;
        private final BytePattern peers;
        private final Queue<Integer> messageLengths = new ArrayDeque<>();
        private final byte[] scratch = new byte[300_000];
        private final boolean pulls;
        private long sent;
        private long received;
        private int pieceBytes;
        private boolean planned;

        Side(int me) {
            this.me = me;
            this.mine = new BytePattern(scenario.seed() * 2 + me);
            this.peers = new BytePattern(scenario.seed() * 2 + 1 - me);
            this.pulls = scenario.appetite()[me] < 1 && random.nextBoolean();
        }

        void sendSome() {
            long total = scenario.bytes()[me];
            Kcp kcp = ends[me].kcp;
            while (sent < total && kcp.writable()) {
                int wanted = (int) Math.min(total - sent, 1 + random.nextInt(scenario.maxSendBytes()[me]));
                mine.fill(scratch, wanted, sent);
                int taken = kcp.send(MemorySegment.ofArray(scratch), 0, wanted);
                if (taken < 0 || taken > wanted || messages && taken != 0 && taken != wanted) {
                    throw failure("send of " + wanted + " gave " + taken);
                }
                if (messages && taken > 0) {
                    messageLengths.add(taken);
                }
                sent += taken;
                if (random.nextInt(3) == 0) {
                    break;
                }
            }
            ends[me].turned();
            if (sent < total) {
                simulation.at(simulation.nowNs() + random.nextLong(20_000_000), this::sendSome);
            }
        }

        @Override
        public int take(MemorySegment bytes, long offset, int length, int fragmentsLeft) {
            if (pulls) {
                planToTake();
                return 0;
            }
            double appetite = scenario.appetite()[me];
            int taken = appetite == 1 || random.nextDouble() < appetite ? length : random.nextInt(length + 1);
            accept(bytes, offset, taken);
            if (taken < length) {
                planToTake();
            } else if (messages) {
                endOfPiece(fragmentsLeft);
            }
            return taken;
        }

        private void planToTake() {
            if (!planned) {
                planned = true;
                simulation.at(simulation.nowNs() + random.nextLong(40_000_000), this::takeLater);
            }
        }

        private void takeLater() {
            planned = false;
            Kcp kcp = ends[me].kcp;
            if (pulls) {
                MemorySegment target = MemorySegment.ofArray(scratch);
                int capacity = messages ? scratch.length : 1 + random.nextInt(3000);
                int got = kcp.receive(target, 0, capacity);
                if (got >= 0) {
                    accept(target, 0, got);
                    if (messages) {
                        endOfPiece(0);
                    }
                }
                if (kcp.readySegments() > 0) {
                    planToTake();
                }
            } else {
                kcp.deliver();
            }
            ends[me].turned();
        }

        private void accept(MemorySegment bytes, long offset, int length) {
            for (int i = 0; i < length; i++) {
                byte is = bytes.get(ValueLayout.JAVA_BYTE, offset + i);
                if (is != peers.at(received)) {
                    throw failure("byte " + received + " of end " + (1 - me) + " is not what was sent");
                }
                received++;
            }
            pieceBytes += length;
            if (received > sides[1 - me].sent) {
                throw failure("end " + me + " received more than was sent");
            }
        }

        private void endOfPiece(int fragmentsLeft) {
            if (fragmentsLeft == 0) {
                Integer expected = sides[1 - me].messageLengths.poll();
                if (expected == null || expected != pieceBytes) {
                    throw failure("a message of " + expected + " bytes came as " + pieceBytes);
                }
                pieceBytes = 0;
            }
        }
    }
}
