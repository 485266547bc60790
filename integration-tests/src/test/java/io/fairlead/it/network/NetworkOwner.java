package io.fairlead.it.network;

import java.time.Duration;

/** Opens a network, starts a program in it, tells their names and process ids, and lasts until it is killed. */
final class NetworkOwner {
    private NetworkOwner() {}

    public static void main(String[] arguments) throws Exception {
        BadNetwork network =
                BadNetwork.open(NetworkConfig.of(LinkConditions.PERFECT, 1).withTimeLimit(Duration.ofMinutes(2)));
        Process program = network.a().run("sleep", "120");
        System.out.println(network.a().namespace() + " " + network.b().namespace() + " " + network.relayPid() + " "
                + program.pid());
        int unused = System.in.read();
    }
}
