package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections are made, refused and ended, with what each side says. */
@Tag("rdma")
class ConnectionTest {
    @Test
    void privateDataTravelsBothWaysAndPeersKnowEachOther() throws Exception {
        byte[] asked = pattern(ConnectionParameters.MAX_REQUEST_DATA, 1);
        byte[] answered = pattern(ConnectionParameters.MAX_ACCEPT_DATA, 2);
        try (Loopback loopback = new Loopback()) {
            ConnectionId id = loopback.resolved();
            try (Loopback.End client = new Loopback.End(id, Loopback.CAPACITY)) {
                id.connect(Loopback.parameters(asked));
                CmEvent request = loopback.await(CmEventType.CONNECT_REQUEST);
                assertThat(request.privateData()).startsWith(asked);
                assertThat(request.listener()).isSameAs(loopback.listener);
                assertThat(request.responderResources()).isEqualTo(4);
                assertThat(request.initiatorDepth()).isEqualTo(4);
                try (Loopback.End server = new Loopback.End(request.id(), Loopback.CAPACITY)) {
                    request.id().accept(Loopback.parameters(answered));
                    CmEvent one = loopback.await(CmEventType.ESTABLISHED);
                    CmEvent other = loopback.await(CmEventType.ESTABLISHED);
                    CmEvent atClient = one.id() == id ? one : other;

                    assertThat(atClient.privateData()).startsWith(answered);
                    assertThat(client.pair.state()).isEqualTo(QueuePairState.READY_TO_SEND);
                    assertThat(server.pair.state()).isEqualTo(QueuePairState.READY_TO_SEND);
                    assertThat(id.peerAddress()).isEqualTo(loopback.listener.localAddress());
                    assertThat(request.id().peerAddress()).isEqualTo(id.localAddress());
                }
            }
        }
    }

    @Test
    void tooLongARequestIsRefusedHere() throws Exception {
        try (Loopback loopback = new Loopback();
                Loopback.End client = new Loopback.End(loopback.resolved(), Loopback.CAPACITY)) {
            assertErrno(
                    Errno.EINVAL,
                    () -> client.id.connect(Loopback.parameters(new byte[ConnectionParameters.MAX_REQUEST_DATA + 1])));
        }
    }

    @Test
    void rejectionArrivesWithItsReason() throws Exception {
        byte[] reason = pattern(ConnectionParameters.MAX_REJECT_DATA, 3);
        try (Loopback loopback = new Loopback();
                Loopback.End client = new Loopback.End(loopback.resolved(), Loopback.CAPACITY)) {
            client.id.connect(Loopback.PARAMETERS);
            try (ConnectionId refused =
                    loopback.await(CmEventType.CONNECT_REQUEST).id()) {
                refused.reject(reason);
            }
            CmEvent rejected = loopback.await(CmEventType.REJECTED);

            assertThat(rejected.id()).isSameAs(client.id);
            assertThat(rejected.status()).isEqualTo(28);
            assertThat(rejected.privateData()).startsWith(reason);
        }
    }

    @Test
    void nobodyListeningIsARejectionToo() throws Exception {
        try (Loopback loopback = new Loopback();
                Loopback.End client = new Loopback.End(loopback.resolved(), Loopback.CAPACITY)) {
            loopback.listener.close();
            client.id.connect(Loopback.PARAMETERS);
            CmEvent rejected = loopback.await(CmEventType.REJECTED);

            assertThat(rejected.status()).isEqualTo(8);
        }
    }

    @Test
    void disconnectReachesThePeer() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            loopback.client().id.disconnect();
            assertThat(loopback.await(CmEventType.DISCONNECTED).id()).isIn(loopback.client().id, loopback.server().id);
            loopback.server().id.disconnect();
            assertThat(loopback.await(CmEventType.DISCONNECTED).status()).isZero();
        }
    }

    @Test
    void connectsOverIpv6() throws Exception {
        NetworkInterface network = Objects.requireNonNull(NetworkInterface.getByInetAddress(Loopback.address()));
        InetAddress six = network.inetAddresses()
                .filter(Inet6Address.class::isInstance)
                .findFirst()
                .orElseThrow();
        try (Loopback loopback = new Loopback(six)) {
            loopback.connect(Loopback.CAPACITY, Loopback.PARAMETERS);

            assertThat(loopback.client().id.peerAddress().getAddress()).isInstanceOf(Inet6Address.class);
            assertThat(loopback.client().id.peerAddress().getAddress().getAddress())
                    .isEqualTo(six.getAddress());
            assertThat(loopback.server().id.peerAddress())
                    .isEqualTo(loopback.client().id.localAddress());
        }
    }

    @Test
    void sourceAddressIsHonoured() throws Exception {
        try (Loopback loopback = new Loopback();
                ConnectionId id = loopback.events.createId()) {
            id.resolveAddress(
                    new InetSocketAddress(Loopback.address(), 0),
                    loopback.listener.localAddress(),
                    Loopback.PATIENCE_MS);
            loopback.await(CmEventType.ADDRESS_RESOLVED);
            assertThat(id.localAddress().getAddress()).isEqualTo(Loopback.address());
        }
        try (Loopback loopback = new Loopback();
                ConnectionId id = loopback.events.createId()) {
            InetSocketAddress notOurs = new InetSocketAddress("192.0.2.1", 0);
            assertErrno(
                    Errno.EADDRNOTAVAIL,
                    () -> id.resolveAddress(notOurs, loopback.listener.localAddress(), Loopback.PATIENCE_MS));
        }
    }

    @Test
    void errorsNameCallAddressAndNumber() throws Exception {
        try (Loopback loopback = new Loopback();
                ConnectionId id = loopback.events.createId()) {
            assertThatThrownBy(() -> id.bind(loopback.listener.localAddress()))
                    .hasMessageContaining("bind_addr")
                    .hasMessageContaining(
                            String.valueOf(loopback.listener.localAddress().getPort()))
                    .hasMessageContaining("EADDRINUSE (98");
            assertErrno(Errno.ENODEV, id::device);
            assertErrno(Errno.ENOTCONN, id::peerAddress);
        }
    }

    @Test
    void ackTimeoutAndClassOfServiceCanBeSet() throws Exception {
        try (Loopback loopback = new Loopback();
                ConnectionId id = loopback.resolved()) {
            id.setAckTimeout(14);
            id.setTypeOfService(96);
            assertErrno(Errno.EINVAL, () -> id.setAckTimeout(300));
        }
    }

    @Test
    void waitingEndsWithTheTimeOrWithTheChannel() throws Exception {
        Rdma rdma = Rdma.open();
        EventChannel channel = rdma.createEventChannel();
        assertThat(channel.next(0)).isNull();
        long begin = System.nanoTime();
        assertThat(channel.next(50)).isNull();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000L);

        CompletableFuture<Errno> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                while (true) {
                    channel.next(60_000);
                }
            } catch (VerbsException e) {
                return e.errno();
            }
        });
        channel.close();
        assertThat(waiter.get(Loopback.PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo(Errno.ESTALE);
    }

    @Test
    void deviceTellsItsLimits() throws Exception {
        try (Loopback loopback = Loopback.connected()) {
            Device device = loopback.client().id.device();
            DeviceLimits limits = device.limits();

            assertThat(device.name())
                    .isEqualTo(System.getenv("SOFT_ROCE_DEVICE"))
                    .isIn(loopback.rdma.deviceNames());
            assertThat(device).isEqualTo(loopback.server().id.device());
            assertThat(device.completionVectors()).isPositive();
            assertThat(limits.maxQueuePairRequests()).isPositive();
            assertThat(limits.maxCompletionQueueDepth()).isGreaterThanOrEqualTo(128);
            assertThat(limits.maxSges()).isPositive();
            assertThat(limits.maxInitiatorDepth()).isPositive();
            assertThat(limits.maxResponderResources()).isPositive();
            assertThat(limits.maxRegistrationBytes()).isGreaterThan(1L << 32);
            assertThat(limits.atomics()).isNotNull();
            QueuePairCapacity granted = loopback.client().pair.capacity();
            assertThat(granted.sendRequests()).isGreaterThanOrEqualTo(Loopback.CAPACITY.sendRequests());
            assertThat(granted.inlineBytes()).isGreaterThanOrEqualTo(Loopback.CAPACITY.inlineBytes());
            assertThat(loopback.client().queue.depth()).isGreaterThanOrEqualTo(128);
        }
    }

    private static void assertErrno(Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + seed);
        }
        return bytes;
    }
}
