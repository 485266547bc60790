package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.RawPeers.RawListener;
import io.fairlead.transport.testkit.RawPeers.RawPeer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows 5 and 12, by raw bytes: whatever a stranger sends, it changes nothing, harms nobody, and the listener goes on. */
final class RawPromises {
    private static final Logger LOG = LoggerFactory.getLogger(RawPromises.class);
    private static final Duration HANDSHAKE = Duration.ofMillis(300);

    /** Who is patient has a slow network, on which an honest handshake takes longer too. */
    private static Duration handshake(ContractEnvironment env) {
        Duration patient = env.soon().dividedBy(20);
        return patient.compareTo(HANDSHAKE) > 0 ? patient : HANDSHAKE;
    }

    private static final int TARGET_BYTES = 4096;
    private static final byte BEFORE = 0x2a;
    private static final int HALF_OPEN = 10_000;

    private RawPromises() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(5, "aForgedFrameChangesNothingAndClosesItsConnectionAlone", env -> new Scene(env).forged()),
                Promise.of(12, "whatIsNoHandshakeIsTurnedAway", env -> new Scene(env).noHandshake()),
                Promise.of(12, "anUnknownVersionGetsATypedRefusal", env -> new Scene(env).unknownVersion()),
                Promise.of(12, "whatIsNoFrameClosesItsConnectionAlone", env -> new Scene(env).noFrame()),
                Promise.of(12, "randomFramesHarmNobody", env -> new Scene(env).randomFrames()),
                Promise.of(12, "aPeerMayLeaveAfterEveryByte", env -> new Scene(env).leaving()),
                Promise.of(12, "aConnectToWhatIsNoPeerFailsTyped", RawPromises::noPeer),
                new Promise(
                        12,
                        "idleHalfOpenPeersDoNotKeepOthersOut",
                        Duration.ofSeconds(60),
                        env -> new Scene(env).halfOpen()));
    }

    /** A listener with a good connection to it, and memory that strangers would like to change. */
    private static final class Scene {
        private final ContractEnvironment env;
        private final RawPeers raw;
        private final Pair good;
        private final Listener door;
        private final MemoryRegion local;
        private final MemoryRegion target;

        Scene(ContractEnvironment env) {
            this.env = env;
            this.raw = env.fixture().raw().orElseThrow();
            TransportConfig config = env.config().with(env.config().timeouts().withConnect(env.soon(), handshake(env)));
            this.good = env.pair(config);
            this.door = env.listen(good.farTransport(), connection -> env.handler());
            this.local = env.region(good.nearTransport(), 64);
            this.target = env.region(good.farTransport(), 3 * TARGET_BYTES);
            target.segment().fill(BEFORE);
        }

        RegionDescriptor granted(Rights rights) {
            return target.grant(TARGET_BYTES, TARGET_BYTES, rights, null).descriptor();
        }

        void closedBy(String what, byte[] bytes) {
            try (RawPeer peer = RawFrames.shaken(raw, door.endpoint(), env.soon())) {
                peer.write(bytes);
                if (!peer.awaitClosed(env.soon())) {
                    throw new AssertionError(what + ": the connection was not closed");
                }
            }
            unharmed(what);
        }

        void unharmed(String what) {
            if (!Bytes.allAre(BEFORE, target.segment())) {
                throw new AssertionError(what + ": memory was changed");
            }
            Expect.open(what, good.near());
            Await.result(
                    what + ": a request beside",
                    good.near().request(local.segment()).result(),
                    env.soon());
        }

        void stillServing(String what) {
            unharmed(what);
            Connection fresh = env.connect(good.nearTransport(), door.endpoint(), env.handler());
            Await.result(
                    what + ": a new connection", fresh.request(local.segment()).result(), env.soon());
            Await.result("close", fresh.close(Duration.ofSeconds(1)), env.soon());
            Await.until(
                    what + ": only the good connection is left",
                    env.soon(),
                    () -> env.reading(good.farTransport()).connections() == 1);
        }

        void forged() {
            RegionDescriptor all = granted(Rights.ALL);
            RegionDescriptor readable = granted(Rights.READ);
            byte[] payload = new byte[64];
            Arrays.fill(payload, (byte) 0x99);
            Map<String, byte[]> bad = new LinkedHashMap<>();
            bad.put("a token off by one bit", RawFrames.write(token(all, all.token() ^ 1), 0, payload));
            bad.put("a token of zero", RawFrames.write(token(all, 0), 0, payload));
            for (long at : new long[] {
                -1, -64, TARGET_BYTES - 63, TARGET_BYTES, Long.MAX_VALUE, Long.MAX_VALUE - 63, Long.MIN_VALUE
            }) {
                bad.put("a write at " + at, RawFrames.write(all, at, payload));
                bad.put("a read at " + at, RawFrames.read(all, at, 64));
                bad.put("an atomic at " + at, RawFrames.add(all, at, 1));
            }
            for (long wanted : new long[] {-1, TARGET_BYTES + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                bad.put("a read of " + wanted, RawFrames.read(all, 0, wanted));
            }
            bad.put("an atomic off its alignment", RawFrames.add(all, 4, 1));
            bad.put("a write without right", RawFrames.write(readable, 0, payload));
            bad.put("an atomic without right", RawFrames.add(readable, 0, 1));
            bad.forEach(this::closedBy);
            stillServing("forged frames");
        }

        private static RegionDescriptor token(RegionDescriptor of, long token) {
            return new RegionDescriptor(
                    of.regionId(),
                    of.generation(),
                    token,
                    of.length(),
                    of.rights(),
                    of.incarnation(),
                    of.expiresAt(),
                    of.providerKey());
        }

        void noHandshake() {
            byte[] garbage = new byte[1 << 16];
            env.random().nextBytes(garbage);
            garbage[0] = 0;
            Map<String, byte[]> bad = new LinkedHashMap<>();
            bad.put("wrong magic", RawFrames.hello(0, 1, 'X'));
            bad.put("another protocol", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            bad.put("garbage", garbage);
            bad.put("wrong kind", RawFrames.hello(4, 1, 9));
            bad.put("unknown security", RawFrames.hello(5, 1, 7));
            bad.put("a security mode that is not agreed", RawFrames.hello(5, 1, 1));
            bad.put("unknown version", RawFrames.hello(6, 2, 999));
            bad.put("unknown flags", RawFrames.hello(8, 4, 0x80000000L));
            bad.put("unknown authentication", RawFrames.hello(12, 1, 5));
            bad.put("too long authentication", RawFrames.hello(14, 2, 5000));
            bad.put("authentication that does not come", RawFrames.hello(14, 2, 100));
            bad.put("no frames", RawFrames.hello(24, 4, 0));
            bad.put("no messages", RawFrames.hello(28, 4, -1));
            bad.put("no credits", RawFrames.hello(32, 4, 0));
            bad.put("no operations", RawFrames.hello(36, 4, -5));
            bad.put("no credit bytes", RawFrames.hello(40, 8, 0));
            bad.put("half a handshake", Arrays.copyOf(RawFrames.hello(), 20));
            bad.put("nothing", new byte[0]);
            bad.forEach((what, bytes) -> {
                try (RawPeer peer = raw.connect(door.endpoint())) {
                    peer.write(bytes);
                    if (!peer.awaitClosed(handshake(env).plus(env.soon()))) {
                        throw new AssertionError(what + ": was not turned away");
                    }
                }
                unharmed(what);
            });
            stillServing("no handshake");
        }

        void unknownVersion() {
            try (RawPeer peer = raw.connect(door.endpoint())) {
                peer.write(RawFrames.hello(6, 2, 2));
                byte[] answer = peer.read(Handshake.FIXED_BYTES, env.soon());
                int code = (answer[6] & 0xff) | (answer[7] & 0xff) << 8;
                Expect.equal("the kind of the answer", 2, answer[4]);
                Expect.equal("the code of the refusal", ErrorCode.HANDSHAKE_REFUSED.number(), code);
                if (!peer.awaitClosed(env.soon())) {
                    throw new AssertionError("a refused peer was not cut off");
                }
            }
            stillServing("an unknown version");
        }

        void noFrame() {
            int tooLong = good.farTransport().config().limits().maxFrameBytes() + 1;
            RegionDescriptor all = granted(Rights.ALL);
            Map<String, byte[]> bad = new LinkedHashMap<>();
            bad.put("type 0", RawFrames.bare(0, 0, 0, 0, 0));
            bad.put("type 200", RawFrames.bare(200, 0, 0, 0, 0));
            bad.put("unknown flags", RawFrames.bare(FrameHeader.PING, 0x40, 0, 0, 0));
            for (int type :
                    new int[] {FrameHeader.SEND, FrameHeader.MESSAGE, FrameHeader.REQUEST, FrameHeader.DATAGRAM}) {
                for (int length : new int[] {tooLong, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
                    bad.put(
                            "type " + type + " of " + length,
                            RawFrames.bare(type, FrameHeader.FLAG_LAST, length, 1, 0));
                }
            }
            byte[] oversize = RawFrames.write(all, 0, new byte[0]);
            ByteBuffer.wrap(oversize).order(ByteOrder.LITTLE_ENDIAN).putInt(4, tooLong);
            bad.put("an oversize write", oversize);
            bad.put("a skipped number", RawFrames.bare(FrameHeader.SEND, FrameHeader.FLAG_LAST, 0, 7, 0));
            bad.put(
                    "a whole message with a skipped number",
                    RawFrames.bare(FrameHeader.MESSAGE, FrameHeader.FLAG_LAST, 0, 7, 0));
            bad.put("a whole message that is not the last frame", RawFrames.bare(FrameHeader.MESSAGE, 0, 0, 1, 0));
            bad.put("an acknowledgement of nothing", RawFrames.bare(FrameHeader.ACK, 0, 0, 0, 1));
            bad.put("an answer to no read", RawFrames.bare(FrameHeader.READ_DATA, FrameHeader.FLAG_LAST, 0, 1, 0));
            bad.put(
                    "an answer to no atomic",
                    RawFrames.bare(FrameHeader.ATOMIC_RESULT, FrameHeader.FLAG_LAST, 0, 1, 0));
            bad.put("a reply to no request", RawFrames.bare(FrameHeader.REPLY, FrameHeader.FLAG_LAST, 0, 1, 0));
            byte[] credit = RawFrames.bare(FrameHeader.CREDIT, 0, 0, 0, 0);
            ByteBuffer.wrap(credit).order(ByteOrder.LITTLE_ENDIAN).putLong(16, 1L << 40);
            bad.put("credit for messages never sent", credit);
            bad.forEach(this::closedBy);
            stillServing("broken frames");
        }

        /** Right headers with wrong fields, from the seed; some are even right. */
        void randomFrames() {
            for (int round = 0; round < 300; round++) {
                try (RawPeer peer = RawFrames.shaken(raw, door.endpoint(), env.soon())) {
                    for (int i = 0; i < 5; i++) {
                        byte[] frame = RawFrames.bare(
                                1 + env.random().nextInt(16),
                                env.random().nextInt(8),
                                env.random().nextInt(3) == 0
                                        ? env.random().nextInt()
                                        : env.random().nextInt(200),
                                i + 1,
                                env.random().nextInt(2));
                        byte[] rest = new byte[env.random().nextInt(200)];
                        env.random().nextBytes(rest);
                        for (int at = FrameHeader.COMMON_BYTES; at < frame.length; at++) {
                            frame[at] = (byte) env.random().nextInt();
                        }
                        peer.write(frame);
                        peer.write(rest);
                    }
                }
                if (round % 50 == 0) {
                    unharmed("random frames");
                }
            }
            stillServing("random frames");
        }

        void leaving() {
            byte[] write = RawFrames.write(granted(Rights.READ), 0, new byte[100]);
            byte[] all = ByteBuffer.allocate(Handshake.FIXED_BYTES + write.length)
                    .put(RawFrames.hello())
                    .put(write)
                    .array();
            for (int bytes = 0; bytes <= all.length; bytes++) {
                try (RawPeer peer = raw.connect(door.endpoint())) {
                    peer.write(Arrays.copyOf(all, bytes));
                }
            }
            stillServing("leaving after every byte");
        }

        void halfOpen() {
            int count = Math.min(HALF_OPEN, raw.most());
            if (count < HALF_OPEN) {
                LOG.warn("{} half-open peers instead of {}: the fixture allows no more here", count, HALF_OPEN);
            }
            List<RawPeer> idle = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    idle.add(raw.connect(door.endpoint()));
                    if (i % 1000 == 999) {
                        stillServing(i + " half-open peers");
                    }
                }
                stillServing(count + " half-open peers");
            } finally {
                idle.forEach(RawPeer::close);
            }
            stillServing("half-open peers that left");
        }
    }

    /** The connecting side meets something else than a peer. */
    private static void noPeer(ContractEnvironment env) {
        RawPeers raw = env.fixture().raw().orElseThrow();
        TransportConfig config = env.config().with(env.config().timeouts().withConnect(handshake(env), handshake(env)));
        var near = env.start(config);
        Map<String, byte[]> answers = new LinkedHashMap<>();
        answers.put("another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        answers.put("half a handshake", Arrays.copyOf(RawFrames.hello(), 30));
        answers.put("another version", RawFrames.hello(6, 2, 77));
        answers.put("silence", new byte[0]);
        for (boolean leaves : new boolean[] {false, true}) {
            answers.forEach((what, bytes) -> {
                try (RawListener listener = raw.listen()) {
                    var connecting = near.connect(listener.endpoint(), env.handler());
                    try (RawPeer peer = listener.accept(env.soon())) {
                        peer.write(bytes);
                        if (leaves) {
                            peer.close();
                        }
                        Expect.oneOf(
                                what,
                                Set.of(ErrorCode.CONNECT_FAILED, ErrorCode.HANDSHAKE_REFUSED),
                                Await.failure(what, connecting, handshake(env).plus(env.soon())));
                    }
                }
            });
        }
    }
}
