/** What clients and nodes say to each other in messages. */
@NullMarked
package io.fairlead.store.protocol;

import org.jspecify.annotations.NullMarked;
