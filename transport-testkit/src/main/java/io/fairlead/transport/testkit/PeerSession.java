package io.fairlead.transport.testkit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * The far side of promises that need another process, driven by lines:
 * <pre>
 * endpoint                      where it listens
 * incarnation                   of its transport
 * grant NAME BYTES RIGHTS       allocates zeroed memory, grants it; the descriptor's text
 * revoke NAME                   revokes and waits
 * crc NAME OFFSET LENGTH        CRC-32C of a range, in hexadecimal
 * count NAME BYTE               how many bytes of the region have this value
 * messages | requests | tags | closes    how many were handled
 * lastTag                       the last tag
 * digest                        CRC-32C of the bytes of all messages handled, in that order
 * watch NAME OFFSET LENGTH      the digest takes in this range too, at each message after its bytes, and at each tag
 * block | unblock               handlers wait, or no longer
 * connect HOST:PORT             connects to us
 * </pre>
 */
public final class PeerSession implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Transport transport;
    private final Listener listener;
    private final Map<String, MemoryRegion> regions = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong tags = new AtomicLong();
    private final AtomicLong lastTag = new AtomicLong();
    private final AtomicLong closes = new AtomicLong();
    /** Guarded by itself. */
    private final CRC32C digest = new CRC32C();

    private volatile MemorySegment watched = MemorySegment.NULL;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public PeerSession(Transport transport, Endpoint listenAt) {
        this.transport = transport;
        this.listener = transport.listen(listenAt, connection -> new Handler());
    }

    public Endpoint endpoint() {
        return listener.endpoint();
    }

    /** Carries out one line. @throws IllegalArgumentException on an unknown command */
    public String execute(String line) {
        String[] words = line.split(" ", -1);
        return switch (words[0]) {
            case "endpoint" -> endpoint().toString();
            case "incarnation" -> Long.toString(transport.incarnation());
            case "grant" -> grant(words[1], Long.parseLong(words[2]), new Rights(Integer.parseInt(words[3])));
            case "revoke" -> {
                Await.result(line, region(words[1]).revoke(), PATIENCE);
                yield "revoked";
            }
            case "crc" -> crc(range(words));
            case "count" -> count(region(words[1]).segment(), (byte) Integer.parseInt(words[2]));
            case "messages" -> Long.toString(messages.get());
            case "requests" -> Long.toString(requests.get());
            case "tags" -> Long.toString(tags.get());
            case "lastTag" -> Long.toString(lastTag.get());
            case "closes" -> Long.toString(closes.get());
            case "digest" -> {
                synchronized (digest) {
                    yield Long.toHexString(digest.getValue());
                }
            }
            case "watch" -> {
                watched = range(words);
                yield "watched";
            }
            case "block" -> {
                gate = new CountDownLatch(1);
                yield "blocked";
            }
            case "unblock" -> {
                gate.countDown();
                yield "unblocked";
            }
            case "connect" -> {
                Await.result(line, transport.connect(Endpoint.parse(words[1]), new Handler()), PATIENCE);
                yield "connected";
            }
            default -> throw new IllegalArgumentException("unknown command: " + line);
        };
    }

    private String grant(String name, long bytes, Rights rights) {
        MemoryRegion region = regions.computeIfAbsent(name, n -> transport.allocate(bytes));
        return region.grant(rights).descriptor().toText();
    }

    private MemorySegment range(String[] words) {
        return region(words[1]).segment().asSlice(Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    private MemoryRegion region(String name) {
        MemoryRegion region = regions.get(name);
        if (region == null) {
            throw new IllegalArgumentException("no region " + name);
        }
        return region;
    }

    /** CRC-32C in hexadecimal; the near side computes the same. */
    public static String crc(MemorySegment range) {
        CRC32C crc = new CRC32C();
        crc.update(range.asByteBuffer());
        return Long.toHexString(crc.getValue());
    }

    private static String count(MemorySegment range, byte wanted) {
        long found = 0;
        for (long i = 0; i < range.byteSize(); i++) {
            if (range.get(JAVA_BYTE, i) == wanted) {
                found++;
            }
        }
        return Long.toString(found);
    }

    @Override
    public void close() {
        gate.countDown();
        transport.close();
    }

    private void pass() {
        try {
            if (!gate.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody unblocked this peer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void digest(MemorySegment bytes) {
        synchronized (digest) {
            digest.update(bytes.asByteBuffer());
            digest.update(watched.asByteBuffer());
        }
    }

    private final class Handler implements ConnectionHandler {
        @Override
        public void message(Connection connection, Message message) {
            pass();
            digest(message.payload());
            messages.incrementAndGet();
        }

        @Override
        public void request(Connection connection, long requestId, Message message) {
            pass();
            requests.incrementAndGet();
            connection.reply(requestId, message.payload());
        }

        @Override
        public void notified(Connection connection, int tag) {
            pass();
            digest(MemorySegment.NULL);
            lastTag.set(tag);
            tags.incrementAndGet();
        }

        @Override
        public void closed(Connection connection, TransportException cause) {
            closes.incrementAndGet();
        }
    }
}
