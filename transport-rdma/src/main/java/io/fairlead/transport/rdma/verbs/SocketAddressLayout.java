package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Socket addresses as Linux lays them out.
 *
 * <pre>
 * sockaddr_in:  family@0 port@2 (network order) addr@4                                   16 bytes
 * sockaddr_in6: family@0 port@2 (network order) flowinfo@4 addr@8 scope_id@24            28 bytes
 * </pre>
 */
final class SocketAddressLayout {
    static final int BYTES = 28;

    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(BIG_ENDIAN);

    private SocketAddressLayout() {}

    static MemorySegment allocate(Arena arena) {
        return arena.allocate(BYTES, Integer.BYTES);
    }

    static MemorySegment encode(InetSocketAddress address, Arena arena) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("unresolved address " + address);
        }
        MemorySegment encoded = allocate(arena);
        encoded.set(PORT, 2, (short) address.getPort());
        boolean six = host instanceof Inet6Address;
        encoded.set(JAVA_SHORT, 0, six ? AF_INET6 : AF_INET);
        byte[] bytes = host.getAddress();
        MemorySegment.copy(bytes, 0, encoded, JAVA_BYTE, six ? 8 : 4, bytes.length);
        if (host instanceof Inet6Address scoped) {
            encoded.set(JAVA_INT, 24, scoped.getScopeId());
        }
        return encoded;
    }

    static InetSocketAddress decode(MemorySegment encoded) {
        short family = encoded.get(JAVA_SHORT, 0);
        int port = Short.toUnsignedInt(encoded.get(PORT, 2));
        try {
            InetAddress host = switch (family) {
                case AF_INET -> InetAddress.getByAddress(encoded.asSlice(4, 4).toArray(JAVA_BYTE));
                case AF_INET6 -> {
                    byte[] bytes = encoded.asSlice(8, 16).toArray(JAVA_BYTE);
                    int scope = encoded.get(JAVA_INT, 24);
                    yield scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
                }
                default -> throw new IllegalStateException("address family " + family + " of the RDMA stack");
            };
            return new InetSocketAddress(host, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a fixed length was refused", e);
        }
    }
}
