package io.fairlead.transport.core;

import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Makes memory known to hardware, where a provider has some. Thread-safe; may block while pages are locked. */
public interface MemoryRegistrar {
    /** For providers that move bytes in software. */
    MemoryRegistrar NONE = (memory, rights) -> Registration.NONE;

    /**
     * Registers memory for this side's operations, or also for a peer's.
     *
     * @param rights of the peer, or null for none
     * @throws TransportException {@link io.fairlead.transport.ErrorCode#RESOURCE_EXHAUSTED}, which names the limit
     */
    Registration register(MemorySegment memory, @Nullable Rights rights);

    /** What the hardware knows of some memory. */
    interface Registration {
        Registration NONE = new Registration() {
            @Override
            public int localKey() {
                return 0;
            }

            @Override
            public @Nullable ProviderKey key() {
                return null;
            }

            @Override
            public void close() {}
        };

        int localKey();

        /** For the descriptor that a peer gets. */
        @Nullable
        ProviderKey key();

        /** When this returns, no access by this registration reaches the memory any more. Does nothing the second time. */
        void close();
    }
}
