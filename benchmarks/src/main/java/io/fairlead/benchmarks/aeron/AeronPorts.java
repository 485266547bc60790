package io.fairlead.benchmarks.aeron;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** The two UDP ports of a trial, both chosen by the server, since it must know where to send acknowledgements. */
record AeronPorts(int toServer, int toClient) {
    static AeronPorts free() throws IOException {
        try (DatagramSocket one = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return new AeronPorts(one.getLocalPort(), other.getLocalPort());
        }
    }

    String print() {
        return toServer + "/" + toClient;
    }

    static AeronPorts parse(String text) {
        String[] parts = text.split("/", -1);
        return new AeronPorts(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
}
