/**
 * Transports around transports: faulty surroundings for applications' tests, from a seed, and one that checks its
 * caller. All are thin layers over {@code ForwardingTransport}.
 */
@NullMarked
package io.fairlead.transport.testkit.fault;

import org.jspecify.annotations.NullMarked;
