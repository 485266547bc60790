package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Messages of one size, one in each interval, echoed by the other end. Latency counts from the time at which a message was handed to
 * the engine to that at which the last byte of its echo was taken.
 */
final class EchoRun {
    /** What is measured: latencies in milliseconds, and bytes of IP packets in both directions for each byte of messages. */
    record Result(double mean, double p50, double p99, double max, double wireBytes, long retransmits, long spurious) {}

    private final Simulation simulation = new Simulation(1_000_000_000L);
    private final int messageBytes;
    private final int messages;
    private final long intervalNs;
    private final long[] sentNs;
    private final long[] latencyNs;
    private final SimulatedLink[] links = new SimulatedLink[2];
    private final SimulatedEnd[] ends = new SimulatedEnd[2];
    private final byte[] scratch;
    private long echoedBytes;
    private int sent;
    private int done;

    EchoRun(
            KcpConfig config,
            boolean flushes,
            LinkModel link,
            int messageBytes,
            long intervalNs,
            int messages,
            long seed) {
        this.messageBytes = messageBytes;
        this.messages = messages;
        this.intervalNs = intervalNs;
        this.sentNs = new long[messages];
        this.latencyNs = new long[messages];
        this.scratch = new byte[messageBytes];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            links[i] = new SimulatedLink(simulation, link, random.split(), datagram -> ends[other].arrived(datagram));
            SlotPool pool = new SlotPool(config.segments().slotBytes(), 1 << 20);
            Receiver receiver = i == 0 ? this::echoed : this::echo;
            // The ticks of two machines have nothing to do with each other.
            long bornNs = simulation.nowNs() + random.nextLong(10_000_000);
            Kcp kcp = new Kcp(7, config, pool, links[i], receiver, bornNs);
            ends[i] = new SimulatedEnd(simulation, kcp, flushes);
        }
    }

    private int echo(MemorySegment bytes, long offset, int length, int fragmentsLeft) {
        int taken = ends[1].kcp.send(bytes, offset, length);
        if (taken != length) {
            throw new IllegalStateException("echoed " + taken + " of " + length);
        }
        return length;
    }

    private int echoed(MemorySegment bytes, long offset, int length, int fragmentsLeft) {
        echoedBytes += length;
        while ((done + 1L) * messageBytes <= echoedBytes) {
            latencyNs[done] = simulation.nowNs() - sentNs[done];
            done++;
        }
        return length;
    }

    private void sendNext() {
        sentNs[sent] = simulation.nowNs();
        if (ends[0].kcp.send(MemorySegment.ofArray(scratch), 0, messageBytes) != messageBytes) {
            throw new IllegalStateException("the send queue is full at message " + sent);
        }
        sent++;
        ends[0].turned();
        if (sent < messages) {
            simulation.at(simulation.nowNs() + intervalNs, this::sendNext);
        }
    }

    Result run() {
        long start = simulation.nowNs();
        simulation.at(start + 20_000_000, this::sendNext);
        long limit = start + messages * intervalNs + 600_000_000_000L;
        while (done < messages) {
            if (!simulation.step(limit)) {
                throw new IllegalStateException("stalled at message " + done);
            }
        }
        long[] sorted = latencyNs.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (long latency : sorted) {
            sum += latency;
        }
        KcpStats a = ends[0].kcp.stats();
        KcpStats b = ends[1].kcp.stats();
        return new Result(
                sum / messages / 1e6,
                sorted[messages / 2] / 1e6,
                sorted[(int) (messages * 0.99)] / 1e6,
                sorted[messages - 1] / 1e6,
                (double) (links[0].wireBytes + links[1].wireBytes) / (2.0 * messages * messageBytes),
                a.retransmits() + b.retransmits(),
                a.spurious() + b.spurious());
    }
}
