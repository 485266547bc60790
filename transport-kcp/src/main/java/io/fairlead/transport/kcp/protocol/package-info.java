/**
 * The KCP protocol and nothing else: no socket, thread or clock. Datagrams go in, datagrams and a next deadline come out. Layers
 * beneath it (encryption, error correction) transform whole datagrams and know nothing of it, nor it of them.
 */
@NullMarked
package io.fairlead.transport.kcp.protocol;

import org.jspecify.annotations.NullMarked;
