package io.fairlead.it.network;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What happened in one direction since the network was opened. Bytes are those of IP packets, headers included;
 * multicast of the kernel itself is neither carried nor counted.
 *
 * @param packetsIn sent into the link
 * @param bytesIn sent into the link: the bytes on the wire
 * @param packetsOut delivered, copies included
 * @param bytesOut delivered, copies included
 * @param lost by the loss model
 * @param duplicated copies made
 * @param reordered delivered after a packet that was sent later; copies do not count
 * @param queueDropped found the queue before the bottleneck full
 * @param overrun lost by the emulator, which could not keep up or not hold more: a measurement with any is void
 * @param inFlight on their way now
 */
public record LinkCounters(
        long packetsIn,
        long bytesIn,
        long packetsOut,
        long bytesOut,
        long lost,
        long duplicated,
        long reordered,
        long queueDropped,
        long overrun,
        long inFlight) {
    String text() {
        return LongStream.of(
                        packetsIn,
                        bytesIn,
                        packetsOut,
                        bytesOut,
                        lost,
                        duplicated,
                        reordered,
                        queueDropped,
                        overrun,
                        inFlight)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }

    static LinkCounters parse(String text) {
        Iterator<Long> n =
                Arrays.stream(text.strip().split(" ", -1)).map(Long::valueOf).iterator();
        return new LinkCounters(
                n.next(), n.next(), n.next(), n.next(), n.next(), n.next(), n.next(), n.next(), n.next(), n.next());
    }

    LinkCounters plusOverrun(long more) {
        return new LinkCounters(
                packetsIn,
                bytesIn,
                packetsOut,
                bytesOut,
                lost,
                duplicated,
                reordered,
                queueDropped,
                overrun + more,
                inFlight);
    }
}
