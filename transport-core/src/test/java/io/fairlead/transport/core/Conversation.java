package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Two engines on the test's thread, and a script that uses every kind of frame. What crosses is recorded; whoever
 * carries it decides how it is cut.
 */
final class Conversation implements AutoCloseable {
    static final Limits LIMITS = Limits.DEFAULT.withFrameBytes(9000).withMessages(16_384, 8, 32_768);
    static final int REGION_BYTES = 40_000;
    private static final Duration LONG = Duration.ofMinutes(5);

    final ManualNetwork clientNetwork = new ManualNetwork();
    final ManualNetwork serverNetwork = new ManualNetwork();
    final SoftwareTransport client;
    final SoftwareTransport server;
    final MemoryRegion target;
    final MemoryRegion source;
    final MemoryRegion copy;
    final List<String> heard = new ArrayList<>();
    final ManualWire near;
    final ManualWire far;
    final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
    final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    final CompletableFuture<Connection> connecting;

    Conversation() {
        this(false, new ConnectionHandler() {});
    }

    /** @param clientSettles what the client's wire says of {@link Wire#settles} */
    Conversation(boolean clientSettles, ConnectionHandler clientHandler) {
        clientNetwork.settles = clientSettles;
        TransportConfig config = TransportConfig.DEFAULT.with(LIMITS);
        client = new SoftwareTransport("manual", config, TransportContext.plain(), clientNetwork);
        server = new SoftwareTransport("manual", config, TransportContext.plain(), serverNetwork);
        target = server.allocate(REGION_BYTES);
        source = client.allocate(REGION_BYTES);
        copy = client.allocate(REGION_BYTES);
        byte[] random = new byte[REGION_BYTES];
        new Random(7).nextBytes(random);
        MemorySegment.copy(random, 0, source.segment(), JAVA_BYTE, 0, random.length);
        server.listen(new Endpoint("far", 2), peer -> new Listening());
        connecting = client.connect(new Endpoint("far", 2), clientHandler);
        near = clientNetwork.connected();
        far = serverNetwork.accept();
    }

    private final class Listening implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void message(Connection from, Message message) {
            heard.add("message " + message.length());
        }

        @Override
        public void request(Connection from, long requestId, Message message) {
            from.reply(requestId, message.payload());
        }

        @Override
        public void notified(Connection from, int tag) {
            heard.add("tag " + tag);
        }

        @Override
        public void datagram(Connection from, Message message) {
            heard.add("datagram " + message.length());
        }
    }

    /** Moves bytes both ways until there are none. */
    void settle(BiConsumer<ManualWire, byte[]> carry) {
        while (true) {
            byte[] there = near.take();
            carry.accept(far, there);
            byte[] back = far.take();
            carry.accept(near, back);
            toServer.writeBytes(there);
            toClient.writeBytes(back);
            if (there.length + back.length == 0) {
                return;
            }
        }
    }

    /** The client's connection, once {@link #settle} has carried the handshake. */
    Connection connected() {
        return connecting.join();
    }

    /** Says everything once, and checks what came of it. */
    void hold(BiConsumer<ManualWire, byte[]> carry) {
        settle(carry);
        Connection connection = connected();
        RegionDescriptor all = target.grant(Rights.ALL).descriptor();
        List<Operation<?>> done = new ArrayList<>();
        done.add(connection.write(source, 0, all, 0, 20_000, LONG));
        done.add(connection.write(source, 20_000, all, 20_000, 77, LONG));
        done.add(connection.writeNotify(source, 100, all, 30_000, 4500, 9, LONG));
        done.add(connection.send(source, 0, 0, LONG));
        done.add(connection.send(source, 0, 12_000, LONG));
        done.add(connection.datagram(source.segment().asSlice(0, 60), LONG));
        Operation<byte[]> reply = connection.request(source.segment().asSlice(5, 6000), LONG);
        Operation<Long> added = connection.fetchAndAdd(all, 39_000, 3, LONG);
        Operation<Long> swapped = connection.compareAndSwap(all, 39_000, 3, 8, LONG);
        done.add(connection.read(copy, 0, all, 0, 20_077, LONG));
        done.add(connection.read(copy, 30_000, all, 30_000, 4500, LONG));
        done.add(connection.fence(LONG));
        settle(carry);
        done.forEach(operation -> assertThat(operation.result()).isCompletedWithValue(null));
        assertThat(added.result()).isCompletedWithValue(0L);
        assertThat(swapped.result()).isCompletedWithValue(3L);
        assertThat(reply.result().join())
                .isEqualTo(source.segment().asSlice(5, 6000).toArray(JAVA_BYTE));
        assertThat(target.segment().asSlice(0, 20_077).mismatch(source.segment().asSlice(0, 20_077)))
                .isEqualTo(-1);
        assertThat(copy.segment()
                        .asSlice(30_000, 4500)
                        .mismatch(source.segment().asSlice(100, 4500)))
                .isEqualTo(-1);
        assertThat(copy.segment().asSlice(0, 20_077).mismatch(source.segment().asSlice(0, 20_077)))
                .isEqualTo(-1);
        assertThat(heard).containsExactly("tag 9", "message 0", "message 12000", "datagram 60");
        connection.close(LONG);
        settle(carry);
        assertThat(connection.closed()).isCompleted();
    }

    static void whole(ManualWire to, byte[] bytes) {
        to.give(bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        client.close(Duration.ZERO);
        server.close(Duration.ZERO);
        clientNetwork.runTasks();
        serverNetwork.runTasks();
    }
}
