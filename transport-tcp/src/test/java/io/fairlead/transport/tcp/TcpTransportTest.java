package io.fairlead.transport.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.Batch;
import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user does first, over real sockets. The contract kit asks the hard questions. */
class TcpTransportTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Transport server;
    private Transport client;
    private Listener listener;
    private Connection connection;

    private final class Echo implements ConnectionHandler {
        @Override
        public void message(Connection from, Message message) {
            heard.add(new String(message.toByteArray(), UTF_8));
        }

        @Override
        public void request(Connection from, long requestId, Message message) {
            from.reply(requestId, message.payload());
        }

        @Override
        public void notified(Connection from, int tag) {
            heard.add("tag " + tag);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        server = new TcpTransportProvider().start(TransportConfig.DEFAULT, TransportContext.plain());
        client = new TcpTransportProvider().start(TransportConfig.DEFAULT, TransportContext.plain());
        listener = server.listen(Endpoint.loopback(), peer -> new Echo());
        connection =
                client.connect(listener.endpoint(), new ConnectionHandler() {}).get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        assertThat(client.close(SOON).orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(CloseOutcome.GRACEFUL);
        assertThat(server.close(SOON).orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(CloseOutcome.GRACEFUL);
    }

    @Test
    void aWriteStandsInTheTargetAndAReadFetchesIt() {
        for (long size : new long[] {0, 1, 4096, 4097, 65_536, (1 << 20) + 1, 40 << 20}) {
            try (MemoryRegion target = server.allocate(Math.max(1, size));
                    MemoryRegion source = client.allocate(Math.max(1, size));
                    MemoryRegion copy = client.allocate(Math.max(1, size))) {
                byte[] data = new byte[(int) size];
                new Random(size).nextBytes(data);
                MemorySegment.copy(data, 0, source.segment(), ValueLayout.JAVA_BYTE, 0, data.length);
                RegionDescriptor descriptor = target.grant(Rights.READ_WRITE).descriptor();
                connection.write(source, 0, descriptor, 0, size).await();
                assertThat(target.segment().asSlice(0, size).mismatch(MemorySegment.ofArray(data)))
                        .isEqualTo(-1);
                connection.read(copy, 0, descriptor, 0, size).await();
                assertThat(copy.segment().asSlice(0, size).mismatch(MemorySegment.ofArray(data)))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void messagesComeInOrderAndRequestsAreAnswered() throws Exception {
        for (int i = 0; i < 1000; i++) {
            connection.send(MemorySegment.ofArray(("message " + i).getBytes(UTF_8)));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("message " + i);
        }
        for (int size : new int[] {0, 5, 70_000, 16 << 20}) {
            byte[] asked = new byte[size];
            new Random(size).nextBytes(asked);
            assertThat(connection.request(MemorySegment.ofArray(asked)).await()).isEqualTo(asked);
        }
    }

    @Test
    void atomicsYieldTheOldValueAndABatchSaysHowEachEntryEnded() throws Exception {
        try (MemoryRegion target = server.allocate(64);
                MemoryRegion source = client.allocate(64)) {
            RegionDescriptor all = target.grant(Rights.ALL).descriptor();
            assertThat(connection.fetchAndAdd(all, 8, 5, SOON).await()).isZero();
            assertThat(connection.compareAndSwap(all, 8, 5, 7, SOON).await()).isEqualTo(5);
            assertThat(target.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(7);
            List<Batch.Entry> results = connection
                    .batch()
                    .write(source, 0, all, 0, 8)
                    .write(source, 0, all, 60, 8)
                    .fetchAndAdd(all, 8, 1)
                    .writeNotify(source, 0, all, 16, 8, 42)
                    .submit(SOON)
                    .await();
            assertThat(results.get(0).failure()).isNull();
            assertThat(results.get(1).failure()).hasMessageContaining("OUT_OF_BOUNDS");
            assertThat(results.get(2).value()).isEqualTo(7);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("tag 42");
        }
    }

    @Test
    void aPeerThatIsNotThereIsNamed() {
        listener.close();
        assertThatThrownBy(() -> client.connect(listener.endpoint(), new ConnectionHandler() {})
                        .join())
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining("CONNECT_FAILED")
                .hasMessageContaining(listener.endpoint().toString());
    }
}
