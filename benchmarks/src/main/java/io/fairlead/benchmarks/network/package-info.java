/**
 * Whole-process comparisons over a network of their own: each contestant's server in one namespace, its client in another.
 *
 * <p>{@link io.fairlead.benchmarks.network.CompareLoss} sends an echo through the emulator, {@link
 * io.fairlead.benchmarks.network.CompareBulk} as much as fits over a plain veth pair. {@link
 * io.fairlead.benchmarks.network.Peer} is what an implementation offers to take part, {@link
 * io.fairlead.benchmarks.network.PeerChild} what runs in the children.
 */
@NullMarked
package io.fairlead.benchmarks.network;

import org.jspecify.annotations.NullMarked;
