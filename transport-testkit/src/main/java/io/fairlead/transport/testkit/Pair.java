package io.fairlead.transport.testkit;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Transport;

/**
 * Two transports of this process and one connection between them. The near side connected, the far side accepted.
 */
public record Pair(
        Transport nearTransport,
        Transport farTransport,
        Listener listener,
        Connection near,
        Connection far,
        KitHandler nearHandler,
        KitHandler farHandler) {}
