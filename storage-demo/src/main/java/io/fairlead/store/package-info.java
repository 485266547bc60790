/** The block store: what its parts share. */
@NullMarked
package io.fairlead.store;

import org.jspecify.annotations.NullMarked;
