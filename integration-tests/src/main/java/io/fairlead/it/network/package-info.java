/**
 * A network that can be bad: two network namespaces of the kernel, joined by a relay that delays, loses, reorders,
 * duplicates and throttles by seed. It knows nothing of Fairlead, so everything that speaks IP can run over it.
 *
 * <p>{@link io.fairlead.it.network.BadNetwork} is the way in. A packet goes from the sender's namespace through its TUN
 * device to {@code Wire}, which asks {@code Link} (pure: no clock, no socket) when it is due, and from there through
 * the other TUN device into the receiver's namespace.
 */
@NullMarked
package io.fairlead.it.network;

import org.jspecify.annotations.NullMarked;
