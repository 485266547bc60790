package io.fairlead.it.network;

/**
 * One direction: decides the fate of each packet and keeps it until it is due. Pure: time is passed in, packets are slots
 * of a pool. One thread.
 *
 * <p>Whether a packet is lost, late or doubled and how its delay is drawn depends on the seed and the packet's number
 * only; when it leaves the bottleneck, and whether the queue drops it, depends on the time it came as well.
 */
final class Link {
    private static final double NS_PER_SECOND = 1e9;

    private final Chance chance;
    private final PacketPool pool;
    private final DueQueue queue = new DueQueue();
    private LinkConditions conditions = LinkConditions.PERFECT;

    // The conditions in the units of the hot path.
    private long delayNs;
    private long jitterNs;
    private long lateByNs;
    private double nsPerByte;
    private long queueNs;

    private boolean bad;
    private long bottleneckFreeAtNs;
    private long lastDueNs;
    private long highestDelivered = -1;

    private long packetsIn;
    private long bytesIn;
    private long packetsOut;
    private long bytesOut;
    private long lost;
    private long duplicated;
    private long reordered;
    private long queueDropped;
    private long overrun;

    Link(Chance chance, PacketPool pool, LinkConditions conditions) {
        this.chance = chance;
        this.pool = pool;
        change(conditions);
    }

    /** For packets to come; those on their way keep their fate. */
    void change(LinkConditions next) {
        conditions = next;
        delayNs = next.delay().toNanos();
        jitterNs = next.jitter().toNanos();
        lateByNs = next.lateBy().toNanos();
        nsPerByte = next.bitsPerSecond() == LinkConditions.UNLIMITED ? 0 : 8 * NS_PER_SECOND / next.bitsPerSecond();
        queueNs = (long) (next.queueBytes() * nsPerByte);
    }

    /** Takes a packet in; its slot belongs to this link from now on. */
    void arrive(long nowNs, int slot) {
        long packet = packetsIn++;
        bytesIn += pool.lengthBytes(slot);
        // Drawn for each packet, whatever else befalls it: the state of the link must not depend on time.
        boolean isLost = loses(packet);
        if (!passesBottleneck(nowNs, pool.lengthBytes(slot))) {
            queueDropped++;
            pool.release(slot);
            return;
        }
        if (isLost) {
            lost++;
            pool.release(slot);
            return;
        }
        long leavesNs = nsPerByte == 0 ? nowNs : bottleneckFreeAtNs;
        queue.add(dueNs(leavesNs, packet), packet << 1, slot);
        if (conditions.duplicate() > 0 && chance.of(packet, Chance.DUPLICATE) < conditions.duplicate()) {
            duplicated++;
            pool.share(slot);
            queue.add(inOrder(leavesNs + delay(packet, Chance.COPY_JITTER)), packet << 1 | 1, slot);
        }
    }

    private boolean loses(long packet) {
        return switch (conditions.loss()) {
            case Loss.Random random -> chance.of(packet, Chance.LOSS) < random.probability();
            case Loss.GilbertElliott model -> {
                bad ^= chance.of(packet, Chance.STATE) < (bad ? model.toGood() : model.toBad());
                yield chance.of(packet, Chance.LOSS) < (bad ? model.lossWhenBad() : model.lossWhenGood());
            }
        };
    }

    private boolean passesBottleneck(long nowNs, int lengthBytes) {
        if (nsPerByte == 0) {
            return true;
        }
        long backlogNs = Math.max(0, bottleneckFreeAtNs - nowNs);
        long sendingNs = (long) (lengthBytes * nsPerByte);
        if (backlogNs > 0 && backlogNs + sendingNs > queueNs) {
            return false;
        }
        bottleneckFreeAtNs = nowNs + backlogNs + sendingNs;
        return true;
    }

    private long dueNs(long leavesNs, long packet) {
        long dueNs = inOrder(leavesNs + delay(packet, Chance.JITTER));
        boolean isLate = conditions.late() > 0 && chance.of(packet, Chance.LATE) < conditions.late();
        return isLate ? dueNs + lateByNs : dueNs;
    }

    private long delay(long packet, int purpose) {
        return jitterNs == 0 ? delayNs : delayNs + (long) ((2 * chance.of(packet, purpose) - 1) * jitterNs);
    }

    private long inOrder(long dueNs) {
        if (conditions.overtaking()) {
            return dueNs;
        }
        lastDueNs = Math.max(lastDueNs, dueNs);
        return lastDueNs;
    }

    boolean isEmpty() {
        return queue.size() == 0;
    }

    /** When the next packet is due; only if there is one. */
    long nextDueNs() {
        return queue.firstDueNs();
    }

    /** The packet that is due first, or {@link PacketPool#NONE} if none is due yet. The caller releases its slot. */
    int takeDue(long nowNs) {
        if (queue.size() == 0 || queue.firstDueNs() - nowNs > 0) {
            return PacketPool.NONE;
        }
        int slot = queue.firstSlot();
        long packet = queue.firstNumber() >> 1;
        boolean isCopy = (queue.firstNumber() & 1) != 0;
        queue.removeFirst();
        if (packet > highestDelivered) {
            highestDelivered = packet;
        } else if (!isCopy) {
            reordered++;
        }
        return slot;
    }

    void delivered(int lengthBytes) {
        packetsOut++;
        bytesOut += lengthBytes;
    }

    void notDelivered() {
        overrun++;
    }

    LinkCounters counters() {
        return new LinkCounters(
                packetsIn,
                bytesIn,
                packetsOut,
                bytesOut,
                lost,
                duplicated,
                reordered,
                queueDropped,
                overrun,
                queue.size());
    }
}
