package io.fairlead.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One transport that takes part in the comparison. An instance lives in the parent, which asks it what it enters, and one
 * in each child, which asks it for one of the two sides. Constructors load nothing native, since the parent calls them.
 */
public interface Contestant {
    String name();

    Waiting waiting();

    /** What the tables say about how this contestant was set up, such as a segment size; may be empty. */
    default String setUp() {
        return "";
    }

    /** Why this contestant does not enter the workload, or empty when it does. Its {@link #waiting} is asked separately. */
    default Optional<String> refuses(Workload workload) {
        return Optional.empty();
    }

    /** JVM flags its children need beyond those of everyone. */
    default List<String> jvmFlags() {
        return List.of();
    }

    /** Environment variables its children need. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Starts the server side. It serves on threads of its own until closed. */
    ServerSide serve(Workload workload, Regions regions) throws Exception;

    /** Connects all connections of the workload to the address that the server side printed. */
    ClientSide connect(Workload workload, String address, Regions regions) throws Exception;

    /** A running server. {@code close} ends its threads; every acknowledged byte then stands in the target region. */
    interface ServerSide extends AutoCloseable {
        /** One line without line breaks with all the client needs: an address, and a region's key if there is one. */
        String address();
    }

    /** Connected and idle. */
    interface ClientSide extends AutoCloseable {
        /**
         * Keeps each lane's window full from now until the lane says stop, then drains; returns when all have drained.
         * There are as many lanes as connections. Callback engines hand over and end with {@link Lane#await}.
         */
        void drive(List<Lane> lanes) throws Exception;
    }
}
