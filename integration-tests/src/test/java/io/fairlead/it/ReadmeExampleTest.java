package io.fairlead.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.EffectiveTransport;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.TransportModule;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code in README and guide works, and they show exactly this code. */
@Timeout(60)
class ReadmeExampleTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
    private static final Path ROOT = MODULE.resolve("..");
    private static final Path HERE = MODULE.resolve("src/test/java/io/fairlead/it/ReadmeExampleTest.java");

    @Test
    void theExampleWritesIntoTheOtherSide() throws Exception {
        assertThat(example()).isEqualTo("hello");
    }

    @Test
    void withoutGuiceAPreferenceStartsWhatIsThere() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Transport transport = withoutGuice(meters)) {
            assertThat(transport.effective()).isEqualTo(new EffectiveTransport("tcp", "first preference"));
            assertThat(meters.find("fairlead.connections")
                            .tag("transport", "tcp")
                            .gauge())
                    .isNotNull();
        }
    }

    @Test
    void withGuiceTheInjectorStartsTheRequiredOne() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Transport transport = withGuice(meters)) {
            assertThat(transport.effective()).isEqualTo(new EffectiveTransport("tcp", "required"));
            assertThat(meters.find("fairlead.connections")
                            .tag("transport", "tcp")
                            .gauge())
                    .isNotNull();
        }
    }

    @Test
    void aCallbackIsToldTheEndAndTheReleaseOnce() throws Exception {
        BlockingQueue<Long> ended = new LinkedBlockingQueue<>();
        BlockingQueue<Long> free = new LinkedBlockingQueue<>();
        try (Transport node = withoutGuice(new SimpleMeterRegistry());
                MemoryRegion slot = node.allocate(64);
                MemoryRegion source = node.allocate(64);
                Listener listener = node.listen(Endpoint.loopback(), peer -> new ConnectionHandler() {})) {
            Connection connection = node.connect(listener.endpoint(), new ConnectionHandler() {})
                    .get(10, TimeUnit.SECONDS);
            callback(connection, source, slot.grant(Rights.WRITE).descriptor(), ended, free);
            assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(free.poll(10, TimeUnit.SECONDS)).isEqualTo(42);
            connection.fence(Duration.ofSeconds(10)).await();
            assertThat(ended).isEmpty();
            assertThat(free).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"README.md, example", "README.md, without-guice", "README.md, with-guice", "docs/guide.md, callback"})
    void thePageShowsThisCode(String page, String name) throws IOException {
        String shown = between(ROOT.resolve(page), ("<!-- code: " + name + " -->")::equals, "```"::equals, 1);
        String compiled = between(HERE, ("// shown: " + name)::equals, "// end"::equals, 0);
        assertThat(shown).as("%s in %s", name, page).isNotBlank().isEqualTo(compiled);
    }

    /** The lines after the one that begins and {@code skipped} more, up to the one that ends, without their indent. */
    private static String between(Path file, Predicate<String> begins, Predicate<String> ends, int skipped)
            throws IOException {
        List<String> lines = Files.readAllLines(file).stream()
                .dropWhile(line -> !begins.test(line.strip()))
                .skip(1L + skipped)
                .takeWhile(line -> !ends.test(line.strip()))
                .toList();
        return String.join("\n", lines).stripIndent();
    }

    private static String example() throws Exception {
        // shown: example
        TransportChoice tcp = TransportChoice.required("tcp");
        try (Transport node = Transports.open(tcp, TransportConfig.DEFAULT, TransportContext.plain());
                Transport client = Transports.open(tcp, TransportConfig.DEFAULT, TransportContext.plain());
                MemoryRegion slot = node.allocate(4096);
                MemoryRegion source = client.allocate(4096)) {
            byte[] descriptor = slot.grant(Rights.WRITE).descriptor().toBytes();
            Listener listener = node.listen(Endpoint.loopback(), peer -> new ConnectionHandler() {
                @Override
                public void request(Connection from, long requestId, Message message) {
                    from.reply(requestId, MemorySegment.ofArray(descriptor)); // who holds it may write to the slot
                }
            });
            Connection connection = client.connect(listener.endpoint(), new ConnectionHandler() {})
                    .get(10, TimeUnit.SECONDS);
            MemorySegment question = MemorySegment.ofArray("a slot, please".getBytes(UTF_8));
            byte[] answer = connection.request(question).await();
            RegionDescriptor target = RegionDescriptor.decode(ByteBuffer.wrap(answer));
            source.segment().setString(0, "hello");
            connection.write(source, 0, target, 0, 6).await(); // now the bytes stand there, and no handler ran
            return slot.segment().getString(0);
        }
        // end
    }

    private static Transport withoutGuice(MeterRegistry meters) {
        // shown: without-guice
        TransportContext context = TransportContext.plain().with(meters);
        Transport transport = Transports.open(TransportChoice.preferred("tcp"), TransportConfig.DEFAULT, context);
        // end
        return transport;
    }

    private static Transport withGuice(MeterRegistry meters) {
        // shown: with-guice
        Injector injector = Guice.createInjector(
                new TransportModule(TransportChoice.required("tcp"), TransportConfig.DEFAULT),
                binder -> binder.bind(MeterRegistry.class).toInstance(meters));
        Transport transport = injector.getInstance(Transport.class);
        // end
        return transport;
    }

    private static void callback(
            Connection connection, MemoryRegion source, RegionDescriptor target, Queue<Long> ended, Queue<Long> free) {
        // shown: callback
        Completion completion = new Completion() {
            @Override
            public void completed(long context, @Nullable TransportException failure, long value) {
                ended.add(context);
            }

            @Override
            public void released(long context) {
                free.add(context); // from now on the source may be changed
            }
        };
        long timeoutNs = 1_000_000_000;
        long operation = connection.tryWrite(source, 0, target, 0, 6, timeoutNs, completion, 42);
        if (operation < 0) { // nothing will be called back
            throw new IllegalStateException("refused: " + ErrorCode.ofRefusal(operation));
        }
        // end
    }
}
