/** Which chunks make up the value of a key. */
@NullMarked
package io.fairlead.store.manifest;

import org.jspecify.annotations.NullMarked;
