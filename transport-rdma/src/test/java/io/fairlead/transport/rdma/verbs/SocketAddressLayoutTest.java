package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketAddressLayoutTest {
    @Test
    void portAndAddressAreInNetworkOrder() {
        try (Arena arena = Arena.ofConfined()) {
            byte[] four = SocketAddressLayout.encode(new InetSocketAddress("10.1.2.3", 0x1234), arena)
                    .toArray(JAVA_BYTE);

            assertThat(four).startsWith(2, 0, 0x12, 0x34, 10, 1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "255.255.255.255", "0.0.0.0", "fd77::1", "::", "2001:db8:1:2:3:4:5:6"})
    void addressesComeBackAsTheyWere(String host) {
        try (Arena arena = Arena.ofConfined()) {
            InetSocketAddress address = new InetSocketAddress(host, 65_535);

            assertThat(SocketAddressLayout.decode(SocketAddressLayout.encode(address, arena)))
                    .isEqualTo(address);
        }
    }

    @Test
    void scopeOfALinkLocalAddressIsKept() throws Exception {
        byte[] linkLocal = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        try (Arena arena = Arena.ofConfined()) {
            InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 7), 1);
            InetSocketAddress decoded = SocketAddressLayout.decode(SocketAddressLayout.encode(address, arena));

            assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(7);
        }
    }

    @Test
    void nameThatWasNotResolvedIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> SocketAddressLayout.encode(InetSocketAddress.createUnresolved("host", 1), arena))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("host");
        }
    }
}
