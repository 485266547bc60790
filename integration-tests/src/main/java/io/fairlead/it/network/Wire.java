package io.fairlead.it.network;

import java.io.IOException;

/** Moves packets of one direction: from the device of one end into its link, and when due to the device of the other. */
final class Wire {
    /** Packets taken in before what is due gets its turn again; bounds how late a burst makes the others. */
    private static final int BATCH = 32;

    private static final int IPV4_DESTINATION_AT = 16;
    private static final int IPV6_DESTINATION_AT = 24;

    private final Kernel kernel;
    private final int fromFd;
    private final int toFd;
    private final PacketPool pool;
    private final Link link;

    Wire(Kernel kernel, int fromFd, int toFd, PacketPool pool, Link link) {
        this.kernel = kernel;
        this.fromFd = fromFd;
        this.toFd = toFd;
        this.pool = pool;
        this.link = link;
    }

    Link link() {
        return link;
    }

    /** Takes in what is there, up to a batch and to the room that is left. */
    void takeIn() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            int slot = pool.take();
            if (slot == PacketPool.NONE) {
                return;
            }
            int length = kernel.read(fromFd, pool.address(slot), pool.slotBytes());
            if (length <= 0) {
                pool.release(slot);
                return;
            }
            pool.lengthBytes(slot, length);
            if (isMulticast(slot, length)) {
                pool.release(slot);
            } else {
                link.arrive(System.nanoTime(), slot);
            }
        }
    }

    /** The kernel greets multicast groups when it pleases, which would shift the numbers of the packets that count. */
    private boolean isMulticast(int slot, int length) {
        boolean isV6 = pool.unsignedByte(slot, 0) >>> 4 == 6;
        int at = isV6 ? IPV6_DESTINATION_AT : IPV4_DESTINATION_AT;
        if (length <= at) {
            return true;
        }
        int first = pool.unsignedByte(slot, at);
        return isV6 ? first == 0xFF : first >>> 4 == 0xE;
    }

    /** Sends what is due. */
    void sendDue() {
        for (int slot = link.takeDue(System.nanoTime());
                slot != PacketPool.NONE;
                slot = link.takeDue(System.nanoTime())) {
            int length = pool.lengthBytes(slot);
            if (kernel.write(toFd, pool.address(slot), length)) {
                link.delivered(length);
            } else {
                link.notDelivered();
            }
            pool.release(slot);
        }
    }
}
