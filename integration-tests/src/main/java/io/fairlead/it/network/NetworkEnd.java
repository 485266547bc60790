package io.fairlead.it.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** One of the two ends of a {@link BadNetwork}: a network namespace with an address. Any thread. */
public final class NetworkEnd {
    private final String namespace;
    private final String device;
    private final InetAddress address;
    private final InetAddress address6;

    NetworkEnd(String namespace, String device, InetAddress address, InetAddress address6) {
        this.namespace = namespace;
        this.device = device;
        this.address = address;
        this.address6 = address6;
    }

    /** The name, as {@code ip netns} knows it. */
    public String namespace() {
        return namespace;
    }

    String device() {
        return device;
    }

    /** The IPv4 address of this end. */
    public Inet4Address address() {
        return (Inet4Address) address;
    }

    /** The IPv6 address of this end; of no use if the machine has IPv6 switched off. */
    public Inet6Address address6() {
        return (Inet6Address) address6;
    }

    /**
     * What to put before a command so that it runs in this end. Not {@code ip netns exec}, which hides the control groups,
     * so that a JVM would size itself otherwise than outside.
     */
    public List<String> prefix() {
        return List.of("nsenter", "--net=" + Namespaces.path(namespace));
    }

    /** A command that runs in this end; the caller sets up its streams, starts it, and owns the process. */
    public ProcessBuilder command(List<String> command) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(command);
        return new ProcessBuilder(all);
    }

    /**
     * Starts a command in this end, its output and errors going to those of this process. Does not wait for it. The
     * process id is the command's own. What still runs when the network is closed is killed.
     */
    public Process run(String... command) throws IOException {
        return command(Arrays.asList(command)).inheritIO().start();
    }

    /**
     * Runs an action of this process in this end, on a thread of its own, and waits for it. Sockets that the action opens
     * belong to this end for good, whatever thread uses them later; so do threads that it starts, and what those open. A
     * channel is open at once, a {@link java.net.Socket} only when it is bound or connected.
     *
     * @throws Exception what the action threw
     */
    public <T extends @Nullable Object> T call(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            new Kernel().enterNetwork(Namespaces.path(namespace).toString());
            return action.call();
        });
        Thread.ofPlatform().daemon().name("in-" + namespace).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return namespace + " " + address.getHostAddress();
    }
}
