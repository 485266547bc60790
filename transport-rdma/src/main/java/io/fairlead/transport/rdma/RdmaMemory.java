package io.fairlead.transport.rdma;

import io.fairlead.transport.Access;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.MemoryRegistrar;
import io.fairlead.transport.rdma.verbs.MemoryRegistration;
import io.fairlead.transport.rdma.verbs.ProtectionDomain;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory in the protection domain of a transport. Each grant is a registration of its own with its rights and bounds, so that the card
 * refuses what the grant does not allow, and revoking it is ending the registration. Thread-safe.
 */
final class RdmaMemory implements MemoryRegistrar {
    private static final Logger LOG = LoggerFactory.getLogger(RdmaMemory.class);

    /** A megabyte of them, when all are there. */
    private static final int ENDED_KEYS_KEPT = 1 << 14;

    private final ProtectionDomain domain;
    private final EndedKeys ended;
    private final LongAdder registeredBytes = new LongAdder();
    private final AtomicInteger registrations = new AtomicInteger();
    private volatile boolean closing;

    RdmaMemory(ProtectionDomain domain) {
        this(domain, new EndedKeys(ENDED_KEYS_KEPT));
    }

    /** With keys that are not handed out. */
    RdmaMemory(ProtectionDomain domain, EndedKeys ended) {
        this.domain = domain;
        this.ended = ended;
    }

    double registeredBytes() {
        return registeredBytes.sum();
    }

    double registrations() {
        return registrations.get();
    }

    /** Closes the domain as soon as nothing is registered in it. */
    void close() {
        closing = true;
        closeIfEmpty();
    }

    private void closeIfEmpty() {
        if (closing && registrations.get() == 0) {
            try {
                domain.close();
            } catch (VerbsException e) {
                LOG.warn("rdma: {}", e.getMessage());
            }
        }
    }

    @Override
    public Registration register(MemorySegment memory, @Nullable Rights rights) {
        try {
            MemoryRegistration registration =
                    rights == null ? domain.register(memory, access(null)) : withFreshKey(memory, access(rights));
            registeredBytes.add(memory.byteSize());
            registrations.incrementAndGet();
            return new Registered(registration, rights == null);
        } catch (VerbsException e) {
            throw new TransportException(ErrorCode.RESOURCE_EXHAUSTED, "rdma: " + e.getMessage(), e);
        }
    }

    /** Those with a stale key stay until there is another, so that each attempt gets a new one. */
    private MemoryRegistration withFreshKey(MemorySegment memory, io.fairlead.transport.rdma.verbs.Access[] access)
            throws VerbsException {
        List<MemoryRegistration> stale = new ArrayList<>(0);
        try {
            MemoryRegistration made = domain.register(memory, access);
            while (ended.contains(made.remoteKey())) {
                stale.add(made);
                made = domain.register(memory, access);
            }
            return made;
        } finally {
            for (MemoryRegistration each : stale) {
                each.close();
            }
        }
    }

    private static io.fairlead.transport.rdma.verbs.Access[] access(@Nullable Rights rights) {
        List<io.fairlead.transport.rdma.verbs.Access> access = new ArrayList<>();
        if (rights == null || rights.allows(Access.REMOTE_WRITE) || rights.allows(Access.REMOTE_ATOMIC)) {
            access.add(io.fairlead.transport.rdma.verbs.Access.LOCAL_WRITE);
        }
        if (rights != null) {
            for (Access right : Access.values()) {
                if (rights.allows(right)) {
                    access.add(io.fairlead.transport.rdma.verbs.Access.valueOf(right.name()));
                }
            }
        }
        return access.toArray(io.fairlead.transport.rdma.verbs.Access[]::new);
    }

    private final class Registered implements Registration {
        private final MemoryRegistration registration;
        private final boolean localOnly;
        private boolean closed;

        Registered(MemoryRegistration registration, boolean localOnly) {
            this.registration = registration;
            this.localOnly = localOnly;
        }

        @Override
        public int localKey() {
            return registration.localKey();
        }

        @Override
        public @Nullable ProviderKey key() {
            return localOnly
                    ? null
                    : new ProviderKey(Integer.toUnsignedLong(registration.remoteKey()), registration.address());
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (!localOnly) {
                ended.add(registration.remoteKey()); // from before the card may give it out again
            }
            try {
                registration.close();
            } catch (VerbsException e) {
                LOG.error("rdma: {}", e.getMessage());
            }
            registeredBytes.add(-registration.memory().byteSize());
            registrations.decrementAndGet();
            closeIfEmpty();
        }
    }
}
