/**
 * The reference provider: byte streams between transports of one process, under the shared engine. It shows what a software
 * provider has to add, and its network can be stalled, cut and tampered with.
 */
@NullMarked
package io.fairlead.transport.testkit.memory;

import org.jspecify.annotations.NullMarked;
