package io.fairlead.store.config;

import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.transport.Endpoint;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One storage node; {@code reference.conf} tells what each setting is for.
 *
 * @param slotBytes of each slot: the largest chunk it takes
 */
public record NodeConfig(
        String cluster,
        String id,
        Endpoint listen,
        Path directory,
        Endpoint http,
        int slotBytes,
        int writeSlots,
        int readSlots,
        Duration lease,
        Duration retryAfter,
        int maxRequests,
        long reserveBytes,
        FsyncPolicy fsync) {}
