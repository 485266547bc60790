/** Files that are whole or absent, and directories that belong to one node. */
@NullMarked
package io.fairlead.store.disk;

import org.jspecify.annotations.NullMarked;
