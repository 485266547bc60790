package io.fairlead.benchmarks.network;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What starts one side of a peer. */
final class PeerCommand {
    private PeerCommand() {}

    /** @param prefix put before it, to be in a network or on certain cores */
    static List<String> of(Peer peer, List<String> prefix, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        peer.program().ifPresentOrElse(program -> command.add(program.toString()), () -> {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(PeerChild.JVM_FLAGS);
            command.addAll(List.of("-cp", classPath(peer), PeerChild.class.getName()));
        });
        command.addAll(arguments);
        return command;
    }

    private static String classPath(Peer peer) {
        String all = System.getProperty("java.class.path");
        if (!peer.needsNetty41()) {
            return all;
        }
        String rest = Arrays.stream(all.split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("netty-"))
                .collect(Collectors.joining(File.pathSeparator));
        return Peer.NETTY_41 + File.separator + "*" + File.pathSeparator + rest;
    }
}
