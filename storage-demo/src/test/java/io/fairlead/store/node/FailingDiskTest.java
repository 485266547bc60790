package io.fairlead.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.disk.Disk;
import io.fairlead.transport.Transport;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node whose disk fails on demand, and a client of it. */
@Timeout(60)
class FailingDiskTest {
    @TempDir
    Path directory;

    private static final class SwitchedDisk implements Disk {
        volatile boolean syncFails;
        volatile boolean full;
        volatile long usableBytes = Long.MAX_VALUE;

        @Override
        public long usableBytes(Path directory) {
            return usableBytes;
        }

        @Override
        public void force(FileChannel file) throws IOException {
            if (syncFails) {
                throw new IOException("Input/output error");
            }
            Disk.REAL.force(file);
        }

        @Override
        public void write(FileChannel file, ByteBuffer... parts) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            Disk.REAL.write(file, parts);
        }
    }

    private interface Scenario {
        void with(SwitchedDisk disk, StoreNode node, StoreClient client) throws Exception;
    }

    private void run(Scenario scenario) throws Exception {
        FairleadConfig config = config();
        SwitchedDisk disk = new SwitchedDisk();
        try (Transport transport = transport(config);
                StoreNode node = StoreNode.start(config.node(), transport, Meters.prometheus(), disk);
                Transport clientTransport = transport(config);
                StoreClient client = new StoreClient(
                        config("store.nodes.n1=" + node.endpoint()).client(),
                        clientTransport,
                        new SimpleMeterRegistry())) {
            scenario.with(disk, node, client);
        }
    }

    private FairleadConfig config(String... more) {
        List<String> sets = List.of(
                "store.node.directory=" + directory,
                "store.node.listen=127.0.0.1:0",
                "store.node.http=127.0.0.1:0",
                "store.node.fsync.policy=always",
                "store.chunk.bytes=64KiB",
                "store.chunk.max-bytes=64KiB",
                "store.replication.replicas=1",
                "store.replication.min-replicas=1");
        return FairleadConfig.load(
                null, Stream.concat(sets.stream(), List.of(more).stream()).toList());
    }

    private static Transport transport(FairleadConfig config) {
        return Transports.open(TransportChoice.required("tcp"), config.transportConfig(), TransportContext.plain());
    }

    private static void put(StoreClient client, String key) {
        client.put(key, Channels.newChannel(new ByteArrayInputStream(new byte[1000])), n -> {});
    }

    private static int health(StoreNode node) throws IOException {
        HttpURLConnection http = (HttpURLConnection)
                URI.create("http://" + node.http() + "/healthz").toURL().openConnection();
        try {
            return http.getResponseCode();
        } finally {
            http.disconnect();
        }
    }

    @Test
    void aFailedSyncIsNoAcknowledgementAndStopsTheNode() throws Exception {
        run((disk, node, client) -> {
            put(client, "before");
            assertThat(health(node)).isEqualTo(200);
            disk.syncFails = true;
            assertThatThrownBy(() -> put(client, "k")).hasMessageContaining("Input/output error");
            assertThat(node.failed().get(10, TimeUnit.SECONDS).error()).isEqualTo(StoreError.DISK_FAILED);
            assertThat(health(node)).isEqualTo(503);
            disk.syncFails = false;
            assertThatThrownBy(() -> put(client, "k"))
                    .as("success later proves nothing")
                    .hasMessageContaining("stopped");
        });
    }

    @Test
    void onAFullDiskReadsAndDeletesGoOn() throws Exception {
        run((disk, node, client) -> {
            put(client, "before");
            disk.usableBytes = 1 << 20;
            assertThatThrownBy(() -> put(client, "k")).hasMessageContainingAll("1.0 MiB free", "reserve of 64.0 MiB");
            client.delete("before");
            disk.usableBytes = Long.MAX_VALUE;
            put(client, "before");
            disk.full = true;
            assertThatThrownBy(() -> put(client, "k"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("disk is full");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            client.get("before", Channels.newChannel(out), n -> {});
            assertThat(out.size()).isEqualTo(1000);
            assertThat(health(node)).isEqualTo(200);
        });
    }
}
