package io.fairlead.transport.testkit.mutants;

import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.testkit.memory.Frame;
import io.fairlead.transport.testkit.memory.FrameTap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Faults made between the two engines, by a tap in their stream that keeps the numbering of frames right. */
final class FrameMutants {
    private static final int FLAGS = 1;
    private static final int LENGTH = 4;
    private static final int SEQUENCE = 8;
    private static final int ACKNOWLEDGED = 12;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ScheduledExecutorService LATER = later();

    private FrameMutants() {}

    private static ScheduledExecutorService later() {
        return new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().daemon().name("mutant-later").unstarted(task));
    }

    static List<Mutant> all() {
        return List.of(
                tap("acknowledgesBeforePlacing", List.of(2), () -> perLink(EarlyAcknowledgement::new)),
                tap("aMessageOvertakesAWrite", List.of(1), () -> perLink(() -> new Overtaking(FrameHeader.MESSAGE))),
                tap("aReadOvertakesAWrite", List.of(3), () -> perLink(() -> new Overtaking(FrameHeader.READ))),
                tap("aTagComesBeforeItsBytes", List.of(1), () -> perLink(EarlyTag::new)),
                tap("aDatagramComesTwice", List.of(3), () -> (frame, link) -> {
                    link.send(frame);
                    if (frame.type() == FrameHeader.DATAGRAM) {
                        link.send(frame);
                    }
                }),
                tap("keepsDatagramsWithoutABound", List.of(9), () -> perLink(PatientDatagrams::new)),
                tap("keepAliveFramesAreStarved", List.of(7, 10), () -> (frame, link) -> {
                    if (frame.type() != FrameHeader.PING) {
                        link.send(frame);
                    }
                }));
    }

    private static Mutant tap(String name, List<Integer> rows, Supplier<FrameTap> tap) {
        return new Mutant(name, rows, () -> MutantFixture.tapped(tap.get()));
    }

    /** A tap with a state of its own for each stream. */
    private static FrameTap perLink(Supplier<FrameTap> fresh) {
        Map<FrameTap.Link, FrameTap> taps = new ConcurrentHashMap<>();
        return (frame, link) -> taps.computeIfAbsent(link, l -> fresh.get()).frame(frame, link);
    }

    private static void sequence(Frame frame, int sequence) {
        frame.segment().set(INT, SEQUENCE, sequence);
    }

    /** Tells the client at once that an operation is done, and lets the operation itself arrive later. */
    private static final class EarlyAcknowledgement implements FrameTap {
        private int acknowledged;

        @Override
        public void frame(Frame frame, Link link) {
            if (!frame.toServer()) {
                if (!frame.handshake()) {
                    MemorySegment header = frame.segment();
                    header.set(INT, ACKNOWLEDGED, Math.max(acknowledged, FrameHeader.acknowledged(header, 0)));
                }
                link.send(frame);
                return;
            }
            var _ = LATER.schedule(() -> link.send(frame), 2, TimeUnit.MILLISECONDS);
            if (frame.type() == FrameHeader.WRITE && frame.isLast()) {
                acknowledged = frame.sequence();
                byte[] forged = new byte[FrameHeader.COMMON_BYTES];
                FrameHeader.common(MemorySegment.ofArray(forged), 0, FrameHeader.ACK, 0, 0, 0, 0, acknowledged);
                link.send(new Frame(false, false, forged));
            }
        }
    }

    /** Lets a frame of one type go before the write that came just before it. */
    private static final class Overtaking implements FrameTap {
        private final int type;
        private @Nullable Frame held;
        private final Map<Integer, Integer> renumbered = new ConcurrentHashMap<>();

        Overtaking(int type) {
            this.type = type;
        }

        @Override
        public void frame(Frame frame, Link link) {
            if (!frame.toServer()) {
                answer(frame, link);
                return;
            }
            Frame write = held;
            if (write != null) {
                held = null;
                if (frame.type() == type && frame.isLast()) {
                    int writeNumber = write.sequence();
                    renumbered.put(writeNumber, frame.sequence());
                    sequence(write, frame.sequence());
                    sequence(frame, writeNumber);
                    link.send(frame);
                    link.send(write);
                    return;
                }
                link.send(write);
            }
            if (frame.type() == FrameHeader.WRITE && frame.isLast()) {
                held = frame;
                // What nothing follows goes on soon.
                var _ = LATER.schedule(() -> release(frame, link), 2, TimeUnit.MILLISECONDS);
            } else {
                link.send(frame);
            }
        }

        private void answer(Frame frame, Link link) {
            if (frame.type() == FrameHeader.READ_DATA) {
                Integer number = renumbered.get(frame.sequence());
                if (number != null) {
                    sequence(frame, number);
                }
            }
            link.send(frame);
        }

        private void release(Frame frame, Link link) {
            synchronized (link) {
                if (held == frame) {
                    held = null;
                    link.send(frame);
                }
            }
        }
    }

    /** Takes any number of datagrams at once, and hands on one in a millisecond. */
    private static final class PatientDatagrams implements FrameTap {
        private long lastMs;

        @Override
        public void frame(Frame frame, Link link) {
            if (frame.type() != FrameHeader.DATAGRAM) {
                link.send(frame);
                return;
            }
            long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            lastMs = Math.max(nowMs, lastMs) + 1;
            var _ = LATER.schedule(() -> link.send(frame), lastMs - nowMs, TimeUnit.MILLISECONDS);
        }
    }

    /** Announces a write before its bytes, which come with the next one. */
    private static final class EarlyTag implements FrameTap {
        private @Nullable Frame bytes;

        @Override
        public void frame(Frame frame, Link link) {
            if (!frame.toServer() || frame.type() != FrameHeader.WRITE) {
                link.send(frame);
                return;
            }
            Frame late = bytes;
            if (late != null) {
                bytes = null;
                link.send(late);
            }
            if ((FrameHeader.flags(frame.segment(), 0) & FrameHeader.FLAG_NOTIFY) == 0) {
                link.send(frame);
                return;
            }
            byte[] header = Arrays.copyOf(frame.bytes(), FrameHeader.bytes(FrameHeader.WRITE));
            MemorySegment.ofArray(header).set(INT, LENGTH, 0);
            link.send(new Frame(true, false, header));
            byte[] rest = frame.bytes().clone();
            rest[FLAGS] = 0;
            Frame untold = new Frame(true, false, rest);
            sequence(untold, 0);
            bytes = untold;
        }
    }
}
