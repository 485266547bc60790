package io.fairlead.benchmarks.latency.peer;

/** Writes back and forth between two inboxes; a thread a side sees the bytes of the other by looking at its own memory. */
final class LookPingPong implements Initiator {
    /** Beyond the bound of each wait, which ends the run first and says why. */
    private static final long RUN_BOUND_NS = 20 * Exchanges.BOUND_NS;

    private final Exchanges exchanges;
    private final Worker worker;
    private int bytes;
    private long exchange;

    LookPingPong(Exchanges exchanges, Worker worker) {
        this.exchanges = exchanges;
        this.worker = worker;
    }

    void prepare(int payloadBytes) {
        bytes = payloadBytes;
        exchanges.start();
    }

    @Override
    public void run(long[] timesNs) throws InterruptedException {
        worker.begin(() -> {
            exchange(timesNs);
            exchanges.awaitAllReleased();
        });
        worker.awaitEnd(RUN_BOUND_NS);
    }

    private void exchange(long[] timesNs) {
        long last = System.nanoTime();
        for (int i = 0; i < timesNs.length; i++) {
            exchange++;
            exchanges.write(exchange, bytes);
            exchanges.awaitArrival(exchange, bytes);
            long now = System.nanoTime();
            timesNs[i] = now - last;
            last = now;
        }
    }

    /** The other side: answers each write by one, until told to stop. */
    void beginAnswers() {
        worker.begin(() -> {
            while (exchanges.awaitArrival(exchange + 1, bytes)) {
                exchange++;
                exchanges.write(exchange, bytes);
            }
            exchanges.awaitAllReleased();
        });
    }

    void endAnswers() throws InterruptedException {
        exchanges.stop();
        worker.awaitEnd(2 * Exchanges.BOUND_NS);
    }
}
