package io.fairlead.transport;

import java.net.InetSocketAddress;

/**
 * A host and a port, as every provider names its peers. Printed as {@code host:port}, with brackets around an IPv6
 * address.
 *
 * @param host a name or a literal IPv4 or IPv6 address, without brackets
 * @param port 0 to 65535; 0 asks {@code listen} for a free one
 */
public record Endpoint(String host, int port) {
    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("an endpoint needs a host");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of " + host + " is not in 0..65535");
        }
    }

    /** Any free port on the IPv4 loopback address. */
    public static Endpoint loopback() {
        return new Endpoint("127.0.0.1", 0);
    }

    /** Parses {@code host:port} or {@code [v6]:port}. Fails with {@link IllegalArgumentException} that quotes the text. */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        String host = colon < 0 ? "" : bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException("not an endpoint: '" + text + "' (wanted host:port or [v6]:port)");
        }
        try {
            return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port in '" + text + "' (wanted host:port)", e);
        }
    }

    public static Endpoint of(InetSocketAddress address) {
        return new Endpoint(address.getHostString(), address.getPort());
    }

    /** Resolves the name. May block on a name service; a literal address never does. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
