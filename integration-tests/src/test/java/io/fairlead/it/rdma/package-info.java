/** Machines with RDMA for tests: that there are some, and that tests can run on them. */
@NullMarked
package io.fairlead.it.rdma;

import org.jspecify.annotations.NullMarked;
