package io.fairlead.benchmarks.network;

import io.fairlead.it.network.CongestionControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two network namespaces joined by a pair of virtual Ethernet devices: a network that does nothing but carry. Needs root. */
final class VethPair implements AutoCloseable {
    static final String SERVER_HOST = "10.84.0.2";

    private static final String CLIENT_HOST = "10.84.0.1";

    private final String client;
    private final String server;
    private final Thread cleanUp = new Thread(this::delete);

    VethPair(CongestionControl control) throws IOException, InterruptedException {
        String unique = "fairlead-veth-" + ProcessHandle.current().pid();
        client = unique + "-a";
        server = unique + "-b";
        Runtime.getRuntime().addShutdownHook(cleanUp);
        ip("netns", "add", client);
        ip("netns", "add", server);
        ip("link", "add", "va", "netns", client, "type", "veth", "peer", "name", "vb", "netns", server);
        configure(client, "va", CLIENT_HOST, SERVER_HOST, control);
        configure(server, "vb", SERVER_HOST, CLIENT_HOST, control);
    }

    private static void configure(String namespace, String device, String host, String other, CongestionControl control)
            throws IOException, InterruptedException {
        ip("-n", namespace, "addr", "add", host + "/32", "dev", device);
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "link", "set", device, "up");
        List<String> route = new ArrayList<>(List.of("-n", namespace, "route", "add", other, "dev", device));
        if (control != CongestionControl.SYSTEM) {
            route.addAll(List.of("congctl", control.name().toLowerCase(Locale.ROOT)));
        }
        ip(route.toArray(String[]::new));
    }

    List<String> clientPrefix() {
        return List.of("nsenter", "--net=/run/netns/" + client);
    }

    List<String> serverPrefix() {
        return List.of("nsenter", "--net=/run/netns/" + server);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleanUp);
        delete();
    }

    private void delete() {
        for (String namespace : List.of(client, server)) {
            try {
                ip("netns", "delete", namespace);
            } catch (IOException e) {
                System.err.println("left behind: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output.strip());
        }
    }
}
