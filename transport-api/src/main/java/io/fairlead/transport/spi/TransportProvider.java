package io.fairlead.transport.spi;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import java.util.Optional;

/**
 * A kind of transport that may run on this machine. Found by {@link java.util.ServiceLoader} or bound by a module; needs a public
 * constructor without arguments that does nothing.
 */
public interface TransportProvider {
    /** Short, lower case, unique: tcp, kcp, rdma. */
    String name();

    /** Why it cannot run here, as one sentence for an operator; empty if it can. Without side effects. */
    Optional<String> unavailableReason();

    default boolean isAvailable() {
        return unavailableReason().isEmpty();
    }

    /**
     * Starts a transport with threads of its own.
     *
     * @throws IllegalArgumentException if the configuration is faulty, with all faults
     * @throws TransportException {@link ErrorCode#SECURITY} if it cannot honour the security mode, {@link
     *     ErrorCode#UNAVAILABLE} if it cannot run here
     */
    Transport start(TransportConfig config, TransportContext context);
}
