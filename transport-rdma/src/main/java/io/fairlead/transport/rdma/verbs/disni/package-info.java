/**
 * The native calls: those that DiSNI declares, and ours for what DiSNI lacks. These classes are loaded by a class
 * loader of their own, together with DiSNI's; nothing else may refer to them.
 */
@NullMarked
package io.fairlead.transport.rdma.verbs.disni;

import org.jspecify.annotations.NullMarked;
