/** Fields in bytes, for messages and for files. */
@NullMarked
package io.fairlead.store.wire;

import org.jspecify.annotations.NullMarked;
