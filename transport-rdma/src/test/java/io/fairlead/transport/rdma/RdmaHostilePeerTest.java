package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Gate;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What only RDMA lets a peer do wrong, once it is connected, ends its connection with a cause that names it, and harms nobody else. What
 * it can do wrong in its frames is promised by the contract kit and {@link RdmaHostileFramesTest}.
 */
@Tag("rdma")
class RdmaHostilePeerTest {
    private static final byte[] NOTHING = {};

    private static void broke(HostileScene scene, RawEnd stranger, String how) {
        assertThat(stranger.awaitClosed(HostileScene.SOON)).as("cut off").isTrue();
        TransportException end = scene.end();
        assertThat(end.code()).as(end.getMessage()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(end).hasMessageContaining(how);
        scene.unharmed(how);
    }

    // ---- sends ---------------------------------------------------------------------------------------------------

    @Test
    void aSendLargerThanAReceive() {
        try (HostileScene scene = new HostileScene()) {
            for (int bytes : new int[] {8193, 1 << 16}) {
                try (RawEnd stranger = scene.stranger()) {
                    assertThat(stranger.send(new byte[bytes], stranger.taken())).isNotEqualTo(CompletionStatus.SUCCESS);
                    broke(scene, stranger, "does not fit a receive of 8192 bytes");
                }
            }
        }
    }

    @Test
    void moreSendsThanReceivesThatItKnowsOf() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            // While it takes nothing, it can only be told of so many.
            stranger.stopsTaking();
            for (int i = 0; i < 5000 && stranger.send(NOTHING, 0) == CompletionStatus.SUCCESS; i++) {}
            broke(scene, stranger, "more requests than the 64 receives it knows of");
        }
    }

    @Test
    void receivesThatWereNeverUsedCannotBePostedAgain() {
        try (HostileScene scene = new HostileScene()) {
            for (int told : new int[] {100, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
                try (RawEnd stranger = scene.stranger()) {
                    stranger.send(NOTHING, told);
                    broke(scene, stranger, "tells of " + Integer.toUnsignedString(told) + " receives posted again, ");
                }
            }
        }
    }

    @Test
    void receivesThatWereToldCannotBeTakenBack() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            stranger.stopsTaking();
            stranger.send(NOTHING, 1);
            stranger.send(NOTHING, 0);
            broke(scene, stranger, "tells of 0 receives posted again, ");
        }
    }

    @Test
    void aSendWithoutAWordOnReceives() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            stranger.sendWithoutImmediate(NOTHING);
            broke(scene, stranger, "a SEND that does not tell of receives");
        }
    }

    @Test
    void aReceiveSmallerThanItsTerms() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            stranger.takesOnly(8);
            for (int i = 0; i < 1000 && !stranger.awaitClosed(Duration.ZERO); i++) {
                stranger.write(frame(FrameHeader.PING, 0)); // answered, though some together
            }
            assertThat(stranger.awaitClosed(HostileScene.SOON)).as("cut off").isTrue();
            gone(scene, "smaller than its terms");
        }
    }

    @Test
    void emptySendsStallNobody() throws Exception {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<CompletionStatus> flood = CompletableFuture.supplyAsync(() -> {
                CompletionStatus ended = CompletionStatus.SUCCESS;
                while (!enough.get() && ended == CompletionStatus.SUCCESS) {
                    ended = stranger.awaitRoom().send(NOTHING, stranger.taken());
                }
                return ended;
            });
            for (int i = 0; i < 200; i++) {
                scene.ask();
            }
            enough.set(true);
            assertThat(Await.result("the flood", flood, HostileScene.SOON)).isEqualTo(CompletionStatus.SUCCESS);
        }
    }

    // ---- writes with a notification --------------------------------------------------------------------------------

    private static ProviderKey key(MemoryRegion region, Rights rights) {
        return key(region.grant(rights).descriptor());
    }

    private static ProviderKey key(RegionDescriptor descriptor) {
        return Objects.requireNonNull(descriptor.providerKey());
    }

    private static CompletionStatus notify(RawEnd stranger, ProviderKey key, int bytes, int tag) {
        return stranger.writeWithImmediate(key.address(), (int) key.key(), bytes, tag);
    }

    @Test
    void aNotificationBeforeTheHandshake() {
        // No time of a handshake ends it.
        Timeouts patient = TransportConfig.DEFAULT.timeouts().withConnect(Duration.ofMinutes(5), Duration.ofMinutes(5));
        try (HostileScene scene = new HostileScene(TransportConfig.DEFAULT.with(patient));
                RawEnd stranger = scene.raw.connect(scene.door.endpoint())) {
            notify(stranger, key(scene.writable(), Rights.WRITE), 8, 7);
            assertThat(stranger.awaitClosed(HostileScene.SOON)).as("cut off").isTrue();
            assertThat(scene.strangers()).as("handlers").isZero();
        }
    }

    @Test
    void moreNotificationsThanCredits() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger();
                Gate gate = new Gate()) {
            int credits = scene.good.farTransport().config().limits().messageCredits();
            ProviderKey key = key(scene.writable(), Rights.WRITE);
            scene.handler().onTag((connection, tag) -> gate.pass());
            CompletionStatus status = CompletionStatus.SUCCESS;
            for (int i = 0; i <= credits && status == CompletionStatus.SUCCESS; i++) {
                status = notify(stranger.awaitRoom(), key, 8, i);
            }
            assertThat(stranger.awaitClosed(HostileScene.SOON)).as("cut off").isTrue();
            gate.open();
            broke(scene, stranger, "notification without a credit");
            assertThat(scene.handler().tags()).isLessThanOrEqualTo(credits);
        }
    }

    /** A tag is the application's, and so is what it makes of one that it does not know. Without bytes a card asks for no key. */
    @Test
    void everyTagIsHandedOverAsItIs() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            List<Integer> tags = new CopyOnWriteArrayList<>();
            scene.handler().onTag((connection, tag) -> tags.add(tag));
            ProviderKey key = key(scene.writable(), Rights.WRITE);
            int some = scene.random.nextInt();
            notify(stranger, key, 8, some);
            notify(stranger, key, 8, -1);
            stranger.writeWithImmediate(0, 0, 0, 0);

            Await.until("three tags", HostileScene.SOON, () -> tags.size() == 3);
            assertThat(tags).containsExactly(some, -1, 0);
        }
    }

    @Test
    void aNotificationByARevokedGrant() {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            MemoryRegion region = scene.writable();
            MemoryRegion.Grant grant = region.grant(Rights.WRITE);
            ProviderKey key = key(grant.descriptor());
            assertThat(notify(stranger, key, 8, 1)).isEqualTo(CompletionStatus.SUCCESS);
            Await.result("revoked", grant.revoke(), HostileScene.SOON);
            region.segment().fill((byte) 0);

            assertThat(notify(stranger, key, 8, 2)).isEqualTo(CompletionStatus.REMOTE_ACCESS_ERROR);
            refused(scene, stranger);
            assertThat(region.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(scene.handler().tags()).isEqualTo(1);
        }
    }

    @Test
    void keysThatAreForgedOrForReadingOnly() {
        try (HostileScene scene = new HostileScene()) {
            for (int flip : new int[] {0, 1, 0x100, 0x80000000}) {
                try (RawEnd stranger = scene.stranger()) {
                    ProviderKey key = key(scene.readable());
                    ProviderKey forged = new ProviderKey((key.key() ^ flip) & 0xffff_ffffL, key.address());

                    assertThat(notify(stranger, forged, 8, 1)).isEqualTo(CompletionStatus.REMOTE_ACCESS_ERROR);
                    refused(scene, stranger);
                }
            }
        }
    }

    /** The card tells this side that the queue pair is in error, and of a request that took a receive also why. */
    private static void refused(HostileScene scene, RawEnd stranger) {
        assertThat(stranger.awaitClosed(HostileScene.SOON)).as("cut off").isTrue();
        TransportException end = scene.end();
        assertThat(end.code()).as(end.getMessage()).isEqualTo(ErrorCode.REMOTE_ACCESS);
        assertThat(end).hasMessageContaining("refused access");
    }

    // ---- leaving -------------------------------------------------------------------------------------------------

    private static byte[] frame(int type, int payload) {
        byte[] bytes = new byte[FrameHeader.bytes(type) + payload];
        boolean message = type == FrameHeader.SEND;
        int flags = message ? FrameHeader.FLAG_LAST : 0;
        FrameHeader.common(MemorySegment.ofArray(bytes), 0, type, flags, 0, payload, message ? 1 : 0, 0);
        if (message) {
            MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 16, payload);
        }
        return bytes;
    }

    @Test
    void whoLeavesInTheMiddleOfAFrameIsGone() {
        byte[] frame = frame(FrameHeader.SEND, 1000);
        try (HostileScene scene = new HostileScene()) {
            for (int cut : new int[] {1, 15, 31, 32, 500, frame.length - 1}) {
                RawEnd stranger = scene.stranger();
                stranger.write(Arrays.copyOf(frame, cut));
                stranger.close();
                gone(scene, "left without a word");
            }
        }
    }

    /** The manager is told nothing then: the next request to the peer finds out. */
    @Test
    void whoseQueuePairBreaksInTheMiddleOfAFrameIsGone() throws Exception {
        try (HostileScene scene = new HostileScene();
                RawEnd stranger = scene.stranger()) {
            stranger.write(Arrays.copyOf(frame(FrameHeader.SEND, 1000), 500));
            stranger.breakOff();
            gone(scene, "no acknowledgement after 6 retries");
        }
    }

    private static void gone(HostileScene scene, String how) {
        TransportException end = scene.end();
        assertThat(end.code()).isEqualTo(ErrorCode.PEER_DEAD);
        assertThat(end).hasMessageContaining(how);
        assertThat(scene.handler().messages()).isZero();
    }
}
