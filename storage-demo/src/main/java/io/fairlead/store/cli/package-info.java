/** The command line. */
@NullMarked
package io.fairlead.store.cli;

import org.jspecify.annotations.NullMarked;
