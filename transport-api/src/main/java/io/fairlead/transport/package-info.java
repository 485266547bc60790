/**
 * What a storage engine compiles against: one-sided write and read on registered memory, and messaging, the same on
 * every provider. A {@link io.fairlead.transport.Transport} is a running provider, a
 * {@link io.fairlead.transport.Connection} joins two processes over it, a {@link io.fairlead.transport.MemoryRegion}
 * is memory it may move, a {@link io.fairlead.transport.RegionDescriptor} is what a peer needs to reach it.
 */
@NullMarked
package io.fairlead.transport;

import org.jspecify.annotations.NullMarked;
