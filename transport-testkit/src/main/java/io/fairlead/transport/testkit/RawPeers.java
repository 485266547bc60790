package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import java.time.Duration;

/** Byte streams below the protocol, for peers that break it. Software providers only. */
public interface RawPeers {
    /** Connects a stream to a listener of the provider. */
    RawPeer connect(Endpoint to);

    /** Accepts streams that the provider connects. */
    RawListener listen();

    /** How many streams may be open at once beside what the machine's limits leave to others. */
    int most();

    /** One end of a stream. Blocking; for one thread. */
    interface RawPeer extends AutoCloseable {
        /** Writes all the bytes, unless the other side has closed: then nothing, silently. */
        void write(byte[] bytes);

        /** Reads exactly so many bytes. @throws AssertionError if they do not come in time */
        byte[] read(int bytes, Duration bound);

        /** Waits until the other side closes, whatever comes before. @return false if it does not in time */
        boolean awaitClosed(Duration bound);

        /** Closes at once. */
        @Override
        void close();
    }

    /** A bound address that accepts. */
    interface RawListener extends AutoCloseable {
        Endpoint endpoint();

        RawPeer accept(Duration bound);

        @Override
        void close();
    }
}
