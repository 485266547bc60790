/**
 * What the providers share: the frame format and its engine for those that move bytes in software, regions and
 * grants, operations in flight, credits, deadlines, meters, and the choice of a provider.
 */
@NullMarked
package io.fairlead.transport.core;

import org.jspecify.annotations.NullMarked;
