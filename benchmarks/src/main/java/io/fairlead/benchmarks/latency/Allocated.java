package io.fairlead.benchmarks.latency;

/**
 * What the threads of both sides allocated in a run.
 *
 * @param bytes of all threads
 * @param byThread of which, to read
 */
record Allocated(long bytes, String byThread) {
    /** Of what each side tells: the bytes of all its threads, and by thread. */
    static Allocated of(String client, String server) {
        String[] atClient = client.split(" ", -1);
        String[] atServer = server.split(" ", -1);
        return new Allocated(
                Long.parseLong(atClient[0]) + Long.parseLong(atServer[0]),
                "client:" + atClient[1] + " server:" + atServer[1]);
    }

    Allocated orLess(Allocated other) {
        return other.bytes < bytes ? other : this;
    }
}
