/** What the verbs need of native code, as one interface; its implementation lives in a class loader of its own. */
@NullMarked
package io.fairlead.transport.rdma.verbs.binding;

import org.jspecify.annotations.NullMarked;
