package io.fairlead.benchmarks.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** A process's embedded driver and client, both worked by whoever calls {@link #work}. */
final class AeronNode implements AutoCloseable {
    static final int MTU_BYTES = 8192;
    static final int TERM_BYTES = 16 << 20;

    private static final int STREAM = 1;
    private static final int DEFAULT_SOCKET_BUFFER_BYTES = 128 << 10;
    private static final int WANTED_SOCKET_BUFFER_BYTES = 2 << 20;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final IdleStrategy idle;

    AeronNode(boolean spinning) {
        idle = spinning ? BusySpinIdleStrategy.INSTANCE : new BackoffIdleStrategy();
        int socketBuffer = (int) Math.min(WANTED_SOCKET_BUFFER_BYTES, kernelLimit());
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnShutdown(true)
                .termBufferSparseFile(false)
                .publicationTermBufferLength(TERM_BYTES)
                .mtuLength(MTU_BYTES)
                .socketRcvbufLength(socketBuffer)
                .socketSndbufLength(socketBuffer)
                .initialWindowLength(socketBuffer / 2));
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
    }

    ExclusivePublication publish(int port) {
        return aeron.addExclusivePublication(channel(port), STREAM);
    }

    Subscription subscribe(int port) {
        return aeron.addSubscription(channel(port), STREAM);
    }

    /** One duty cycle of driver and client. */
    int work() {
        return driver.sharedAgentInvoker().invoke()
                + aeron.conductorAgentInvoker().invoke();
    }

    /** Waits a little if the cycle found nothing to do. */
    void idle(int workCount) {
        idle.idle(workCount);
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }

    private static String channel(int port) {
        return "aeron:udp?endpoint=127.0.0.1:" + port;
    }

    private static long kernelLimit() {
        try {
            return Math.min(kernelSetting("rmem_max"), kernelSetting("wmem_max"));
        } catch (IOException e) {
            return DEFAULT_SOCKET_BUFFER_BYTES;
        }
    }

    /** By a reader, whose buffer takes all at once: such a file gives nothing to a second read. */
    private static long kernelSetting(String name) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/net/core", name))) {
            String line = reader.readLine();
            return line == null ? DEFAULT_SOCKET_BUFFER_BYTES : Long.parseLong(line.strip());
        }
    }
}
