/** The TCP provider: selector loops on plain {@code java.nio}, one copy between the kernel and a region. */
@NullMarked
package io.fairlead.transport.tcp;

import org.jspecify.annotations.NullMarked;
