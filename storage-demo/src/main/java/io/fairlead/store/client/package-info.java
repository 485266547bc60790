/** Stores and fetches values over the nodes of a cluster. */
@NullMarked
package io.fairlead.store.client;

import org.jspecify.annotations.NullMarked;
