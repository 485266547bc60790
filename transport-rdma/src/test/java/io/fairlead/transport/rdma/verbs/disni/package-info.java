/** What is loaded together with DiSNI's classes, by their class loader. */
@NullMarked
package io.fairlead.transport.rdma.verbs.disni;

import org.jspecify.annotations.NullMarked;
