package io.fairlead.transport.rdma.verbs;

/**
 * Sizes of a queue pair, as asked or as granted; a device may grant more than was asked.
 *
 * @param sendRequests send requests in flight
 * @param receiveRequests receives posted
 * @param sendSges local buffers of one send request
 * @param receiveSges local buffers of one receive
 * @param inlineBytes payload that a send request may carry itself ({@link SendRing#INLINE})
 */
public record QueuePairCapacity(int sendRequests, int receiveRequests, int sendSges, int receiveSges, int inlineBytes) {
    public QueuePairCapacity {
        if (sendRequests < 0 || receiveRequests < 0 || sendSges < 0 || receiveSges < 0 || inlineBytes < 0) {
            throw new IllegalArgumentException("a size is negative: send requests " + sendRequests + ", receives "
                    + receiveRequests + ", SGEs " + sendSges + " and " + receiveSges + ", inline " + inlineBytes);
        }
    }

    int[] toArray() {
        return new int[] {sendRequests, receiveRequests, sendSges, receiveSges, inlineBytes};
    }

    static QueuePairCapacity of(int[] caps) {
        return new QueuePairCapacity(caps[0], caps[1], caps[2], caps[3], caps[4]);
    }
}
