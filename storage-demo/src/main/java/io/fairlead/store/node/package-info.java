/** A storage node: slots of registered memory in front of a chunk store. */
@NullMarked
package io.fairlead.store.node;

import org.jspecify.annotations.NullMarked;
