/**
 * The provider "kcp": reliable streams over UDP by the KCP protocol, on Netty datagram channels. {@code docs/kcp.md} describes it,
 * {@code docs/wire-format.md} what it adds to KCP on the wire.
 */
@NullMarked
package io.fairlead.transport.kcp;

import org.jspecify.annotations.NullMarked;
