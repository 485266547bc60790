/** What a person at a terminal sees. */
@NullMarked
package io.fairlead.store.console;

import org.jspecify.annotations.NullMarked;
