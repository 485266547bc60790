package io.fairlead.benchmarks;

/**
 * One kind of work that every contestant does in the same way.
 *
 * @param name what the command line and the tables call it
 * @param kind which way the bytes go
 * @param waiting which contestants may enter
 * @param payloadBytes bytes moved by one operation, a power of two and at least 64
 * @param inFlight operations under way at a time, per connection
 * @param connections connections between the two processes; each has its own part of the target region
 * @param regionBytes size of the source region, and of the target region, a power of two
 */
public record Workload(
        String name, Kind kind, Waiting waiting, int payloadBytes, int inFlight, int connections, int regionBytes) {

    /** Where the source and the target of an operation lie. */
    public enum Kind {
        /** Client to server and back as messages; both regions are at the client. */
        ECHO,
        /** From the client's source to the server's target, acknowledged after placement. */
        WRITE,
        /** From the server's source to the client's target. */
        READ
    }

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int REGION_BYTES = 64 * MIB;

    public Workload {
        if (Integer.bitCount(payloadBytes) != 1 || payloadBytes < 64) {
            throw new IllegalArgumentException("payloadBytes must be a power of two from 64 on, was " + payloadBytes);
        }
        if (slots(regionBytes, connections, payloadBytes) < 2 * inFlight) {
            throw new IllegalArgumentException("a target of " + regionBytes + " bytes is too small for " + name);
        }
    }

    static Workload echo64(Waiting waiting) {
        return new Workload("echo64-" + suffix(waiting), Kind.ECHO, waiting, 64, 1, 1, REGION_BYTES);
    }

    static Workload write64(Waiting waiting) {
        return new Workload("write64-" + suffix(waiting), Kind.WRITE, waiting, 64, 16, 1, REGION_BYTES);
    }

    static Workload write64k() {
        return new Workload("write64k", Kind.WRITE, Waiting.EITHER, 64 * KIB, 16, 1, REGION_BYTES);
    }

    static Workload write1m() {
        return new Workload("write1m", Kind.WRITE, Waiting.EITHER, MIB, 16, 1, REGION_BYTES);
    }

    static Workload read64k() {
        return new Workload("read64k", Kind.READ, Waiting.EITHER, 64 * KIB, 16, 1, REGION_BYTES);
    }

    static Workload read1m() {
        return new Workload("read1m", Kind.READ, Waiting.EITHER, MIB, 16, 1, REGION_BYTES);
    }

    static Workload conns64() {
        return new Workload("conns64", Kind.WRITE, Waiting.EITHER, 4 * KIB, 4, 64, REGION_BYTES);
    }

    /** The target slots of one connection. */
    int slotsPerConnection() {
        return slots(regionBytes, connections, payloadBytes);
    }

    boolean sourceAtClient() {
        return kind != Kind.READ;
    }

    boolean targetAtClient() {
        return kind != Kind.WRITE;
    }

    /** Large transfers are told in GiB/s, small ones in operations per second. */
    boolean bulk() {
        return payloadBytes >= 64 * KIB;
    }

    private static int slots(int regionBytes, int connections, int payloadBytes) {
        return regionBytes / connections / payloadBytes;
    }

    private static String suffix(Waiting waiting) {
        return waiting == Waiting.SLEEP ? "sleep" : "spin";
    }
}
