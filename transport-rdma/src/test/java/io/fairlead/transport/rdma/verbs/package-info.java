@NullMarked
package io.fairlead.transport.rdma.verbs;

import org.jspecify.annotations.NullMarked;
