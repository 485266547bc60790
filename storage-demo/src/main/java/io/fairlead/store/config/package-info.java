/** HOCON into validated records. */
@NullMarked
package io.fairlead.store.config;

import org.jspecify.annotations.NullMarked;
