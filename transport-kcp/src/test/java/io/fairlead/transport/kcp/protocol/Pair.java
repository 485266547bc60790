package io.fairlead.transport.kcp.protocol;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Two engines whose datagrams a test carries by hand, and a clock that stands still until it is moved. */
final class Pair {
    static final int CONVERSATION = 0x11223344;

    final Recorder[] sinks = {new Recorder(), new Recorder()};
    final SlotPool[] pools = new SlotPool[2];
    final Kcp[] ends = new Kcp[2];
    final ByteArrayOutputStream[] received = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    final boolean[] takes = {true, true};
    long nowMs;

    Pair(KcpConfig config) {
        this(config, config, FirstNumbers.ZERO);
    }

    Pair(KcpConfig first, KcpConfig second, FirstNumbers numbers) {
        FirstNumbers turned = new FirstNumbers(numbers.received(), numbers.sent(), numbers.stampMs());
        KcpConfig[] configs = {first, second};
        for (int i = 0; i < 2; i++) {
            int me = i;
            pools[i] = new SlotPool(configs[i].segments().slotBytes(), 100_000);
            Receiver receiver = (bytes, offset, length, fragmentsLeft) -> {
                if (takes[me]) {
                    received[me].writeBytes(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
                    return length;
                }
                return 0;
            };
            ends[i] = new Kcp(CONVERSATION, configs[i], pools[i], sinks[i], receiver, 0, i == 0 ? numbers : turned);
        }
    }

    long nowNs() {
        return nowMs * 1_000_000;
    }

    int send(int end, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ends[end].send(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    int send(int end, int bytes) {
        return ends[end].send(MemorySegment.ofArray(new byte[bytes]), 0, bytes);
    }

    /** Flushes an end. @return its datagrams */
    List<byte[]> flush(int end) {
        ends[end].flush(nowNs());
        return sinks[end].take();
    }

    List<byte[]> update(int end) {
        ends[end].update(nowNs());
        return sinks[end].take();
    }

    InputResult input(int end, byte[] datagram) {
        return ends[end].input(MemorySegment.ofArray(datagram), 0, datagram.length, nowNs());
    }

    /** Carries what {@code from} flushes to the other end. */
    void carry(int from) {
        for (byte[] datagram : flush(from)) {
            input(1 - from, datagram);
        }
    }

    String text(int end) {
        return received[end].toString(StandardCharsets.US_ASCII);
    }
}
