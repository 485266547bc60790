package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes in SENDs, and however it is cut into them, changes no memory that was not granted for writing, ends its connection alone and
 * leaves nothing. {@code -Dfairlead.fuzz.minutes=10} goes on for as long; {@code -Dfairlead.fuzz.seed} repeats a run.
 */
@Tag("rdma")
class RdmaHostileFramesTest {
    private static final int ROUNDS = 150;

    @Test
    void forgedFramesCutAnyhowHarmNobody() throws Exception {
        long untilNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("fairlead.fuzz.minutes", 0));
        int rounds = 0;
        int cutOff = 0;
        try (HostileScene scene = new HostileScene()) {
            RegionDescriptor readable = scene.readable();
            do {
                cutOff += round(scene, new Random(scene.random.nextLong()), readable) ? 1 : 0;
                if (++rounds % 10 == 0) {
                    scene.unharmed("round " + rounds);
                }
            } while (rounds < ROUNDS || System.nanoTime() < untilNs);
            System.err.println("hostile frames: " + rounds + " rounds, " + cutOff + " cut off, seed " + scene.seed);
            assertThat(cutOff).as("how many a transport found out itself").isGreaterThan(rounds / 10);
        }
    }

    /** @return whether the other side ended it */
    private static boolean round(HostileScene scene, Random random, RegionDescriptor readable) throws VerbsException {
        try (RawEnd stranger = scene.raw.connect(scene.door.endpoint())) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            if (random.nextInt(8) > 0) {
                stranger.write(HostileScene.hello());
                stranger.read(Handshake.FIXED_BYTES, HostileScene.SOON);
            } else if (random.nextBoolean()) {
                stream.writeBytes(changed(random, HostileScene.hello()));
            }
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                byte[] frame = frame(random, readable);
                stream.writeBytes(random.nextInt(3) == 0 ? changed(random, frame) : frame);
            }
            send(stranger, random, stream.toByteArray());
            boolean breaksOff = random.nextInt(4) == 0;
            if (breaksOff) {
                stranger.breakOff();
            }
            return stranger.awaitClosed(Duration.ofMillis(random.nextInt(200))) && !breaksOff;
        }
    }

    /** In pieces, with empty ones among them, and now and then a wrong word about receives. */
    private static void send(RawEnd stranger, Random random, byte[] stream) {
        int most = random.nextBoolean() ? 40 : RawEnd.SLOT_BYTES;
        for (int at = 0; at < stream.length; ) {
            int now = Math.min(stream.length - at, random.nextInt(most + 1));
            int told = random.nextInt(50) == 0 ? random.nextInt() : stranger.taken();
            stranger.awaitRoom().send(Arrays.copyOfRange(stream, at, at + now), told);
            at += now;
        }
    }

    private static byte[] changed(Random random, byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    /** One that could be right, for memory that may only be read. */
    private static byte[] frame(Random random, RegionDescriptor readable) {
        int type = 1 + random.nextInt(16);
        int payload = random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(100);
        int flags = random.nextInt(4) == 0 ? random.nextInt(16) : FrameHeader.FLAG_LAST;
        byte[] bytes = new byte[FrameHeader.bytes(type) + payload];
        random.nextBytes(bytes);
        MemorySegment frame = MemorySegment.ofArray(bytes);
        FrameHeader.common(frame, 0, type, flags, 0, payload, 1 + random.nextInt(3), random.nextInt(3));
        if (type == FrameHeader.WRITE || type == FrameHeader.READ || type == FrameHeader.ATOMIC) {
            long offset = random.nextBoolean() ? random.nextInt(2 * HostileScene.TARGET_BYTES) : random.nextLong();
            FrameHeader.target(frame, 0, readable.regionId(), readable.generation(), readable.token(), offset);
        }
        return bytes;
    }
}
