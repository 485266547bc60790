package io.fairlead.it.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two ends, each a network namespace, and between them a link as bad as wanted. Needs Linux, root, {@code /dev/net/tun}
 * and the {@code ip} command; {@link #obstacle} tells what is missing.
 *
 * <p>Nothing of the machine's own network is touched, and the two ends reach nothing but each other. The addresses are
 * the same in each network, since no two of them can meet. What a killed owner leaves is deleted by the relay, and what a
 * killed relay leaves by the next {@link #open}.
 *
 * <p>Methods may be called from any thread, and block for some milliseconds each; opening takes about a second.
 */
public final class BadNetwork implements AutoCloseable {
    private static final String PREFIX4 = "10.83.0.";
    private static final String PREFIX6 = "fd83::";
    private static final Path IPV6_SWITCH = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");
    /** Else a connection would begin with what the one before it learnt, and the order of measurements would matter. */
    private static final Path TCP_FORGETS = Path.of("/proc/sys/net/ipv4/tcp_no_metrics_save");

    /** Packets that may wait for the relay; it drains them within a millisecond unless it gets no processor. */
    private static final int DEVICE_QUEUE_PACKETS = 10_000;

    private static final Pattern DROPPED = Pattern.compile("\"tx\":\\{[^}]*\"dropped\":([0-9]+)");

    private final NetworkEnd a;
    private final NetworkEnd b;
    private final NetworkConfig config;
    private final RelayProcess relay;
    private boolean closed;

    private BadNetwork(NetworkEnd a, NetworkEnd b, NetworkConfig config) throws IOException {
        this.a = a;
        this.b = b;
        this.config = config;
        this.relay = new RelayProcess(new RelayPlan(a.namespace(), b.namespace(), a.device(), b.device(), config));
    }

    /** What keeps this machine or user from opening a network, if anything. */
    public static Optional<String> obstacle() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return Optional.of("the network emulator needs Linux");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return Optional.of("the network emulator needs /dev/net/tun");
        }
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                return Optional.of("the network emulator needs root");
            }
            Ip.run("-Version");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the network emulator needs the ip command (Debian: apt-get install iproute2)");
        }
    }

    /** As {@link #open(NetworkConfig)}, with the same conditions both ways. */
    public static BadNetwork open(LinkConditions both, long seed) throws IOException {
        return open(NetworkConfig.of(both, seed));
    }

    /**
     * Opens a network that carries packets when this returns. The caller owns it and closes it.
     *
     * @throws IOException if the system refuses something; nothing is left behind then
     */
    public static BadNetwork open(NetworkConfig config) throws IOException {
        Namespaces.sweep();
        String unique = Namespaces.unique();
        NetworkEnd a = end(unique, 'a', 1);
        NetworkEnd b = end(unique, 'b', 2);
        BadNetwork network = null;
        try {
            Ip.run("netns", "add", a.namespace());
            Ip.run("netns", "add", b.namespace());
            network = new BadNetwork(a, b, config);
            network.configure(a, b);
            network.configure(b, a);
            return network;
        } catch (Exception e) {
            if (network != null) {
                network.close();
            }
            Namespaces.delete(a.namespace());
            Namespaces.delete(b.namespace());
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw e instanceof IOException io ? io : new IOException("cannot open a network", e);
        }
    }

    private static NetworkEnd end(String unique, char name, int number) throws IOException {
        return new NetworkEnd(
                unique + "-" + name,
                Namespaces.device(unique, name),
                InetAddress.getByName(PREFIX4 + number),
                InetAddress.getByName(PREFIX6 + number));
    }

    private void configure(NetworkEnd end, NetworkEnd other) throws Exception {
        String device = end.device();
        String control = config.congestionControl().routeOption();
        Ip.run("link", "set", device, "netns", end.namespace());
        List<String> lines = new ArrayList<>(List.of(
                "link set lo up",
                "link set " + device + " mtu " + config.mtuBytes() + " txqueuelen " + DEVICE_QUEUE_PACKETS + " up",
                "addr add " + end.address().getHostAddress() + "/32 dev " + device,
                route(end.address(), other.address(), device) + control));
        if (hasIpv6()) {
            lines.add("addr add " + end.address6().getHostAddress() + "/128 dev " + device + " nodad");
            lines.add(route(end.address6(), other.address6(), device) + control);
        }
        Ip.batch(end.namespace(), lines.toArray(String[]::new));
        end.call(() -> Files.writeString(TCP_FORGETS, "1"));
    }

    private static String route(InetAddress from, InetAddress to, String device) {
        return "route replace " + to.getHostAddress() + " dev " + device + " src " + from.getHostAddress();
    }

    private static boolean hasIpv6() throws IOException {
        return Files.exists(IPV6_SWITCH)
                && Files.readString(IPV6_SWITCH).strip().equals("0");
    }

    public NetworkEnd a() {
        return a;
    }

    public NetworkEnd b() {
        return b;
    }

    /** What happened so far. @throws IOException if the network has ended */
    public NetworkCounters counters() throws IOException {
        String[] answer = relay.ask("counters").split("\\|", -1);
        return new NetworkCounters(
                LinkCounters.parse(answer[0]).plusOverrun(droppedByDevice(a)),
                LinkCounters.parse(answer[1]).plusOverrun(droppedByDevice(b)));
    }

    /** Packets that never came to the relay, as it was too slow for its device's queue. */
    private static long droppedByDevice(NetworkEnd end) throws IOException {
        String json = Ip.run("-n", end.namespace(), "-s", "-j", "link", "show", "dev", end.device());
        Matcher matcher = DROPPED.matcher(json);
        if (!matcher.find()) {
            throw new IOException("ip tells no dropped packets: " + json);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Sets the same conditions both ways; see {@link #change(LinkConditions, LinkConditions)}. */
    public void change(LinkConditions both) throws IOException {
        change(both, both);
    }

    /**
     * Sets the conditions for packets that the relay takes from now on; those on their way keep their fate. The numbering
     * of packets goes on.
     *
     * @throws IOException if the network has ended
     */
    public void change(LinkConditions aToB, LinkConditions bToA) throws IOException {
        relay.ask("change " + aToB.text() + " " + bToA.text());
    }

    /** Whether it carries packets: not closed, not killed, and within its time. */
    public synchronized boolean isOpen() {
        return !closed && relay.isAlive();
    }

    /** The process that carries the packets: what it uses of the processor is the emulator's, not the contestants'. */
    public long relayPid() {
        return relay.pid();
    }

    /** Ends the network and all processes that still run in it. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            relay.close();
            // The relay has done this, unless it was killed.
            Namespaces.delete(a.namespace());
            Namespaces.delete(b.namespace());
        }
    }

    @Override
    public String toString() {
        return "network of " + a + " and " + b;
    }
}
