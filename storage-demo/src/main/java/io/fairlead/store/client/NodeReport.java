package io.fairlead.store.client;

import io.fairlead.store.protocol.NodeStatus;
import io.fairlead.transport.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What asking a node came to.
 *
 * @param status null if it did not answer
 * @param failure why not
 */
public record NodeReport(
        String id,
        Endpoint endpoint,
        @Nullable NodeStatus status,
        @Nullable String failure) {}
