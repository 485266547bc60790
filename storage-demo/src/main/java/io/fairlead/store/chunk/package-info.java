/** Immutable chunks on a local disk, checked by CRC32C whenever they are read. */
@NullMarked
package io.fairlead.store.chunk;

import org.jspecify.annotations.NullMarked;
