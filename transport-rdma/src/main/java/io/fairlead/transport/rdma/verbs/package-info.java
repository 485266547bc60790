/**
 * RDMA verbs: event channels, connection ids, queue pairs, completion queues and registered memory, over DiSNI and a
 * {@code libdisni.so} of our own. Begin with {@link io.fairlead.transport.rdma.verbs.Rdma}.
 *
 * <p>Every object here stands for one object of the RDMA stack and is safe to use in any order, from any thread: what
 * was closed answers with a {@link io.fairlead.transport.rdma.verbs.VerbsException} that says so, and never crashes.
 * The names and rules of the verbs are those of the manual pages of rdma-core, {@code ibv_post_send(3)} and so on.
 */
@NullMarked
package io.fairlead.transport.rdma.verbs;

import org.jspecify.annotations.NullMarked;
