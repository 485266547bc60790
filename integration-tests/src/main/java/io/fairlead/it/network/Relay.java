package io.fairlead.it.network;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The process between the two ends. It is apart from its owner so that the owner's pauses and load do not delay packets,
 * and so that it can clean up when the owner is killed: it ends when its standard input does.
 *
 * <p>One thread does it all: it waits for a packet, a command or the time when the next packet is due. Nothing is
 * allocated for a packet, so the collector has nothing to do.
 */
final class Relay {
    private static final int STDIN = 0;
    private static final int POLL_FD_BYTES = 8;
    private static final int EVENTS_AT = 4;
    private static final int RESULT_AT = 6;
    private static final short POLL_IN = 1;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long POOL_BYTES = 64L << 20;
    private static final int COMMAND_BYTES = 4096;
    private static final int WARM_UP_PACKETS = 50_000;

    private final Kernel kernel;
    private final PacketPool pool;
    private final Wire aToB;
    private final Wire bToA;
    private final long endsAtNs;
    private final MemorySegment pollFds;
    private final MemorySegment timeout;
    private final MemorySegment command;
    private final StringBuilder line = new StringBuilder();
    private boolean ended;

    private Relay(Kernel kernel, Arena arena, RelayPlan plan) throws IOException {
        this.kernel = kernel;
        endsAtNs = System.nanoTime() + plan.config().atMost().toNanos();
        int packetBytes = plan.config().mtuBytes();
        pool = new PacketPool(arena, packetBytes, (int) (POOL_BYTES / packetBytes));
        int a = kernel.openTun(plan.deviceA());
        int b = kernel.openTun(plan.deviceB());
        long seed = plan.config().seed();
        Link fromA = new Link(Chance.ofDirection(seed, 0), pool, plan.config().aToB());
        Link fromB = new Link(Chance.ofDirection(seed, 1), pool, plan.config().bToA());
        aToB = new Wire(kernel, a, b, pool, fromA);
        bToA = new Wire(kernel, b, a, pool, fromB);
        pollFds = arena.allocate(3 * POLL_FD_BYTES, Long.BYTES);
        timeout = arena.allocate(2 * Long.BYTES, Long.BYTES);
        command = arena.allocate(COMMAND_BYTES);
        watch(0, STDIN);
        watch(1, a);
        watch(2, b);
    }

    public static void main(String[] arguments) throws IOException {
        RelayPlan plan = RelayPlan.parse(List.of(arguments));
        try (Arena arena = Arena.ofConfined()) {
            Kernel kernel = new Kernel();
            Relay relay = new Relay(kernel, arena, plan);
            relay.warmUp();
            kernel.preferThisThread();
            answer("opened");
            relay.run();
        } finally {
            Namespaces.delete(plan.namespaceA());
            Namespaces.delete(plan.namespaceB());
        }
    }

    /** Carries zeros to nowhere until the code is compiled; else the first packets would be late by milliseconds. */
    private void warmUp() throws IOException {
        Duration little = Duration.ofNanos(1000);
        LinkConditions all = LinkConditions.PERFECT
                .withDelay(little)
                .withOvertakingJitter(little)
                .withLoss(Loss.bursts(0.2, 2))
                .withDuplicates(0.2)
                .withLate(0.2, little)
                .withBandwidth(1_000_000_000_000L, Integer.MAX_VALUE);
        int from = kernel.open("/dev/zero", Kernel.READ_WRITE);
        int to = kernel.open("/dev/null", Kernel.READ_WRITE);
        Wire wire = new Wire(kernel, from, to, pool, new Link(new Chance(0), pool, all));
        timeout.fill((byte) 0);
        while (wire.link().counters().packetsIn() < WARM_UP_PACKETS
                || !wire.link().isEmpty()) {
            if (wire.link().counters().packetsIn() < WARM_UP_PACKETS) {
                wire.takeIn();
            }
            kernel.poll(pollFds.address(), 3, timeout.address());
            wire.sendDue();
        }
        kernel.close(from);
        kernel.close(to);
    }

    private void run() throws IOException {
        while (!ended) {
            aToB.sendDue();
            bToA.sendDue();
            await();
            if (isReady(0)) {
                takeCommand();
            }
            if (isReady(1)) {
                aToB.takeIn();
            }
            if (isReady(2)) {
                bToA.takeIn();
            }
            ended |= endsAtNs - System.nanoTime() <= 0;
        }
    }

    private void await() throws IOException {
        // With no room left, packets wait in the device, and what the device cannot hold is counted as overrun.
        short interest = pool.isEmpty() ? 0 : POLL_IN;
        pollFds.set(ValueLayout.JAVA_SHORT, POLL_FD_BYTES + EVENTS_AT, interest);
        pollFds.set(ValueLayout.JAVA_SHORT, 2 * POLL_FD_BYTES + EVENTS_AT, interest);
        long untilNs = endsAtNs;
        if (!aToB.link().isEmpty()) {
            untilNs = Math.min(untilNs, aToB.link().nextDueNs());
        }
        if (!bToA.link().isEmpty()) {
            untilNs = Math.min(untilNs, bToA.link().nextDueNs());
        }
        long waitNs = Math.max(0, untilNs - System.nanoTime());
        timeout.set(ValueLayout.JAVA_LONG, 0, waitNs / NS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, Long.BYTES, waitNs % NS_PER_SECOND);
        kernel.poll(pollFds.address(), 3, timeout.address());
    }

    private void watch(int index, int fd) {
        pollFds.set(ValueLayout.JAVA_INT, (long) index * POLL_FD_BYTES, fd);
        pollFds.set(ValueLayout.JAVA_SHORT, (long) index * POLL_FD_BYTES + EVENTS_AT, POLL_IN);
    }

    private boolean isReady(int index) {
        return pollFds.get(ValueLayout.JAVA_SHORT, (long) index * POLL_FD_BYTES + RESULT_AT) != 0;
    }

    private void takeCommand() throws IOException {
        int got = kernel.read(STDIN, command.address(), COMMAND_BYTES);
        if (got == 0) {
            ended = true;
        } else if (got > 0) {
            byte[] bytes = command.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
            line.append(new String(bytes, StandardCharsets.US_ASCII));
            for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                obey(line.substring(0, end));
                line.delete(0, end + 1);
            }
        }
    }

    private void obey(String text) {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "counters" ->
                answer(aToB.link().counters().text() + " | "
                        + bToA.link().counters().text());
            case "change" -> {
                aToB.link().change(LinkConditions.parse(words[1]));
                bToA.link().change(LinkConditions.parse(words[2]));
                answer("changed");
            }
            default -> throw new IllegalArgumentException("unknown command " + text);
        }
    }

    private static void answer(String text) {
        System.out.println(RelayProcess.ANSWER + text);
    }
}
