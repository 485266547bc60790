package io.fairlead.benchmarks.ucx;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/** What a client must know: where to connect, and the server's region by its base address and packed key. */
record ServerAddress(int port, long regionAddress, byte[] regionKey) {
    String print() {
        return port + "/" + regionAddress + "/" + HexFormat.of().formatHex(regionKey);
    }

    static ServerAddress parse(String text) {
        String[] parts = text.split("/", -1);
        return new ServerAddress(
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                HexFormat.of().parseHex(parts[2]));
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
