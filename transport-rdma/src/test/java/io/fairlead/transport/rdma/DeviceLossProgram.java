package io.fairlead.transport.rdma;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Connects two transports over a device of its own, runs a command that harms the device, and tells what came of it, a line each. A process of
 * its own, since it keeps the device open.
 */
final class DeviceLossProgram {
    private static final long PATIENCE_S = 60;

    private DeviceLossProgram() {}

    /** Arguments: address, device, ack timeout, whether connections end by it, and the command. */
    public static void main(String[] args) throws Exception {
        boolean ends = Boolean.parseBoolean(args[3]);
        TransportConfig config = TransportConfig.DEFAULT
                .with(TransportConfig.DEFAULT.timeouts().withKeepAlive(Duration.ofMinutes(5), Duration.ofMinutes(10)))
                .with("rdma.device", args[1])
                .with("rdma.ackTimeout", args[2]);
        Transport near = new RdmaTransportProvider().start(config, TransportContext.plain());
        Transport far = new RdmaTransportProvider().start(config, TransportContext.plain());
        CompletableFuture<TransportException> farCause = new CompletableFuture<>();
        Listener listener = far.listen(new Endpoint(args[0], 0), accepted -> new Echo(farCause));
        Connection connection = near.connect(listener.endpoint(), new Echo(new CompletableFuture<>()))
                .get(PATIENCE_S, TimeUnit.SECONDS);
        ask(connection);

        Process command = new ProcessBuilder("sh", "-c", args[4]).inheritIO().start();
        if (ends) {
            tell("near", connection.closed().get(PATIENCE_S, TimeUnit.SECONDS));
            tell("far", farCause.get(PATIENCE_S, TimeUnit.SECONDS));
        } else {
            command.waitFor();
            ask(connection);
            System.out.println("near is " + connection.state());
        }
        near.close();
        System.out.println("with one transport: " + eventThreads());
        far.close();
        System.out.println("with none: " + eventThreads());
    }

    private static void ask(Connection connection) throws Exception {
        connection.request(MemorySegment.ofArray(new byte[] {1, 2, 3})).result().get(PATIENCE_S, TimeUnit.SECONDS);
    }

    private static void tell(String side, TransportException cause) {
        System.out.println(side + " " + cause.code() + ": " + cause.getMessage());
    }

    private static String eventThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("fairlead-rdma-events-"))
                        .count()
                + " threads for events";
    }

    private record Echo(CompletableFuture<TransportException> cause) implements ConnectionHandler {
        @Override
        public void request(Connection connection, long requestId, Message message) {
            connection.reply(requestId, message.payload());
        }

        @Override
        public void closed(Connection connection, TransportException why) {
            cause.complete(why);
        }
    }
}
