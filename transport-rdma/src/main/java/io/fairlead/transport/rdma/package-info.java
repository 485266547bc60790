/**
 * The provider "rdma": reliable connected queue pairs over the verbs of {@link io.fairlead.transport.rdma.verbs}. {@code docs/rdma.md}
 * describes it.
 */
@NullMarked
package io.fairlead.transport.rdma;

import org.jspecify.annotations.NullMarked;
