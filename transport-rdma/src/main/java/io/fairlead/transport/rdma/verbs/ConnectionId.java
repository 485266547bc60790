package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, or a listener ({@code rdma_cm(7)}).
 *
 * <p>The active end: {@link #resolveAddress}, event ADDRESS_RESOLVED, {@link #resolveRoute}, event ROUTE_RESOLVED,
 * {@link #createQueuePair}, post receives, {@link #connect}, event ESTABLISHED. The passive end: {@link #bind},
 * {@link #listen}, event CONNECT_REQUEST with a new id, {@link #createQueuePair} on that, post receives,
 * {@link #accept}, event ESTABLISHED. No call waits; the outcome of those with an event comes from the
 * {@link EventChannel}. An id is used once.
 */
public final class ConnectionId implements AutoCloseable {
    /** {@code RDMA_OPTION_ID_*} of {@code rdma_cma.h}. */
    private static final int OPTION_TYPE_OF_SERVICE = 0;

    private static final int OPTION_REUSE_ADDRESS = 1;
    private static final int OPTION_ACK_TIMEOUT = 3;

    private final NativeVerbs verbs;
    private final EventChannel channel;
    private final long handle;

    ConnectionId(NativeVerbs verbs, EventChannel channel, long handle) {
        this.verbs = verbs;
        this.channel = channel;
        this.handle = handle;
    }

    /** Binds to an address of an RDMA device, or to all with a wildcard address; port 0 chooses one. */
    public void bind(InetSocketAddress local) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            check(verbs.bind(handle, SocketAddressLayout.encode(local, arena).address()), "bind_addr " + local);
        }
    }

    /** Accepts requests from now on; {@code backlog} of them may wait. */
    public void listen(int backlog) throws VerbsException {
        check(verbs.listen(handle, backlog), "listen");
    }

    /**
     * Finds the device and the way to {@code destination}; then ADDRESS_RESOLVED or ADDRESS_ERROR comes.
     *
     * @param source the address to come from, or null to let routing choose
     */
    public void resolveAddress(@Nullable InetSocketAddress source, InetSocketAddress destination, int timeoutMs)
            throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            long from = source == null
                    ? 0
                    : SocketAddressLayout.encode(source, arena).address();
            long to = SocketAddressLayout.encode(destination, arena).address();
            check(
                    verbs.resolveAddress(handle, from, to, timeoutMs),
                    "resolve_addr " + (source == null ? "" : source + " to ") + destination);
        }
    }

    /** Then ROUTE_RESOLVED or ROUTE_ERROR comes. */
    public void resolveRoute(int timeoutMs) throws VerbsException {
        check(verbs.resolveRoute(handle, timeoutMs), "resolve_route");
    }

    /**
     * The device that this id is bound to, known once its address is resolved, it is bound to one address, or it came
     * with a request.
     */
    public Device device() throws VerbsException {
        return new Device(verbs, check(verbs.context(handle), "device of a connection id"));
    }

    /**
     * Creates the id's queue pair, of type RC; receives may be posted at once, and should be before connecting. The
     * caller closes it before the id, the domain and the queues.
     */
    public QueuePair createQueuePair(
            ProtectionDomain domain, CompletionQueue sends, CompletionQueue receives, QueuePairCapacity asked)
            throws VerbsException {
        int[] caps = asked.toArray();
        long queuePair = check(
                verbs.createQueuePair(handle, domain.handle(), sends.handle(), receives.handle(), caps),
                "create_qp " + asked);
        return new QueuePair(verbs, queuePair, QueuePairCapacity.of(caps));
    }

    /**
     * How long an acknowledgement may take, on connections made later: 4.096 us times 2 to this power, 0 to 31; 14 is
     * 67 ms. The default of 19 to 20 waits seconds. ENOTSUP or ENOSYS where the kernel is older than 5.3.
     */
    public void setAckTimeout(int exponent) throws VerbsException {
        check(verbs.setIdOption(handle, OPTION_ACK_TIMEOUT, exponent), "set ACK timeout " + exponent);
    }

    /** The traffic class, such as a DSCP value times four, for connections made later. */
    public void setTypeOfService(int value) throws VerbsException {
        check(verbs.setIdOption(handle, OPTION_TYPE_OF_SERVICE, value), "set type of service " + value);
    }

    public void setReuseAddress(boolean reuse) throws VerbsException {
        check(verbs.setIdOption(handle, OPTION_REUSE_ADDRESS, reuse ? 1 : 0), "set reuse address");
    }

    /**
     * Asks the peer for the connection; then ESTABLISHED, REJECTED, UNREACHABLE or CONNECT_ERROR comes.
     *
     * @throws VerbsException EINVAL for more than {@link ConnectionParameters#MAX_REQUEST_DATA} bytes
     */
    public void connect(ConnectionParameters parameters) throws VerbsException {
        check(
                verbs.connect(handle, parameters.numbers(), parameters.privateData()),
                "connect with " + parameters.privateData().length + " bytes of private data");
    }

    /** Grants the request that this id came with; then ESTABLISHED comes. */
    public void accept(ConnectionParameters parameters) throws VerbsException {
        check(verbs.accept(handle, parameters.numbers(), parameters.privateData()), "accept");
    }

    /** Refuses the request that this id came with; the peer gets REJECTED with these bytes. The id is still to close. */
    public void reject(byte[] privateData) throws VerbsException {
        Objects.checkFromToIndex(0, privateData.length, ConnectionParameters.MAX_REJECT_DATA);
        check(verbs.reject(handle, privateData), "reject");
    }

    /** Ends the connection: what is posted here is flushed, the peer gets DISCONNECTED and must do the same. */
    public void disconnect() throws VerbsException {
        check(verbs.disconnect(handle), "disconnect");
    }

    public InetSocketAddress localAddress() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddressLayout.allocate(arena);
            check(verbs.localAddress(handle, address.address()), "get_local_addr");
            return SocketAddressLayout.decode(address);
        }
    }

    /** @throws VerbsException with {@link Errno#ENOTCONN} before an address was resolved */
    public InetSocketAddress peerAddress() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddressLayout.allocate(arena);
            check(verbs.peerAddress(handle, address.address()), "get_peer_addr");
            return SocketAddressLayout.decode(address);
        }
    }

    /** No event of it comes after this. Does nothing the second time. @throws VerbsException EBUSY with a queue pair */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.destroyId(handle), "destroy_id");
        channel.forget(handle);
    }
}
