/** Our engine against other implementations, over real sockets on loopback. */
@NullMarked
package io.fairlead.transport.kcp.interop;

import org.jspecify.annotations.NullMarked;
