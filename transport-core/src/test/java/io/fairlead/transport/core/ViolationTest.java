package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a wire finds its peer doing ends the connection by name, before the handshake as after it. */
class ViolationTest {
    private final ManualNetwork network = new ManualNetwork();
    private final SoftwareTransport transport = new SoftwareTransport(
            "manual", TransportConfig.DEFAULT, TransportContext.plain().with(Runnable::run), network);
    private final ManualWire wire;
    private int tags;

    ViolationTest() {
        transport.listen(new Endpoint("far", 2), peer -> new ConnectionHandler() {
            @Override
            public void notified(Connection from, int tag) {
                tags++;
            }
        });
        wire = network.accept();
    }

    @AfterEach
    void close() {
        transport.close(Duration.ZERO);
        network.runTasks();
    }

    private void shakeHands() {
        byte[] bytes = new byte[Handshake.FIXED_BYTES];
        new Handshake(SecurityMode.NONE, 1, 1 << 16, 1 << 16, 16, 64, 1 << 20).encode(MemorySegment.ofArray(bytes), 0);
        wire.give(bytes, 0, bytes.length);
        network.runTasks();
        output();
    }

    /** All that the engine has to say now. */
    private int output() {
        OutputBatch batch = wire.engine().output();
        int bytes = 0;
        for (int i = batch.offset(); i < batch.offset() + batch.count(); i++) {
            ByteBuffer buffer = batch.buffers()[i];
            bytes += buffer.remaining();
            buffer.position(buffer.limit());
        }
        wire.engine().written(bytes);
        return bytes;
    }

    private TransportException end() {
        assertThat(output()).as("the peer is told").isPositive();
        assertThat(wire.engine().closed()).isDone();
        return wire.engine().closed().join();
    }

    @Test
    void aNotificationBeforeTheHandshakeIsRefusedAndReachesNobody() {
        wire.engine().notified(7);

        TransportException end = end();
        assertThat(end.code()).isEqualTo(ErrorCode.HANDSHAKE_REFUSED);
        assertThat(end).hasMessageContaining("notification before the handshake");
        assertThat(tags).isZero();
    }

    @Test
    void aViolationBeforeTheHandshakeIsARefusal() {
        wire.engine().violation("it whistled");

        assertThat(end().code()).isEqualTo(ErrorCode.HANDSHAKE_REFUSED);
    }

    @Test
    void aViolationAfterTheHandshakeIsToldByName() {
        shakeHands();
        wire.engine().violation("it whistled");

        TransportException end = end();
        assertThat(end.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(end).hasMessageContaining("it whistled");
    }

    @Test
    void aNotificationBehindAViolationReachesNobody() {
        shakeHands();
        wire.engine().notified(1);
        wire.engine().violation("it whistled");
        wire.engine().notified(2);
        network.runTasks();

        assertThat(tags).isEqualTo(1);
    }
}
