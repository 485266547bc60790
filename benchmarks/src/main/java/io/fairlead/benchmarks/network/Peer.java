package io.fairlead.benchmarks.network;

import io.fairlead.it.network.CongestionControl;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An implementation of reliable, ordered delivery that takes part. The parent asks it how it is set up, and each child has it
 * start one side. Constructors load nothing native.
 */
public interface Peer {
    /** Namespaces are private to a run, so the port may be the same for all. */
    int PORT = 7000;

    /** Where the build puts the Netty that those need which were not made for ours. */
    Path NETTY_41 = Path.of("benchmarks", "target", "netty-4.1");

    /** The environment variable of children that tells the window, in segments. */
    String WINDOW_VARIABLE = "PEER_WINDOW";

    /** The window of this child, and of all that tell none. */
    static int windowSegments() {
        String told = System.getenv(WINDOW_VARIABLE);
        return told == null ? 1024 : Integer.parseInt(told);
    }

    String name();

    /** Whether it has a window that can be set. */
    default boolean hasWindow() {
        return true;
    }

    /** What the tables say about how it was set up. */
    String setUp();

    /** Of kernel TCP, on the routes of its network. */
    default CongestionControl congestionControl() {
        return CongestionControl.SYSTEM;
    }

    /** For one that is no Java program: what to start instead of a JVM, before the arguments; it talks like {@link PeerChild}. */
    default Optional<Path> program() {
        return Optional.empty();
    }

    /** Whether its children run with {@link #NETTY_41} instead of the Netty of this project. */
    default boolean needsNetty41() {
        return false;
    }

    /** Serves one client at the address. Does not wait for it. */
    void listen(InetSocketAddress local, Inlet inlet) throws Exception;

    /** Connects. Whatever comes goes to the inlet. */
    Outlet connect(InetSocketAddress server, Inlet inlet) throws Exception;

    /** Takes what arrives: in order, from one thread at a time. */
    interface Inlet {
        /**
         * A message, or any piece of the stream of those that know no messages.
         *
         * @param bytes valid during the call
         * @param back to where they came from
         */
        void received(ByteBuffer bytes, Outlet back) throws Exception;
    }

    /** Sends to the other end. */
    interface Outlet {
        /** Sends a copy of the bytes. Blocks while there is no room, which is never the case for an echo now and then. */
        void send(ByteBuffer bytes) throws Exception;
    }
}
