package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.UsageException;
import io.fairlead.benchmarks.network.peers.FairleadKcp;
import io.fairlead.benchmarks.network.peers.JavaKcp;
import io.fairlead.benchmarks.network.peers.KcpGo;
import io.fairlead.benchmarks.network.peers.KcpNetty;
import io.fairlead.benchmarks.network.peers.PlainTcp;
import io.fairlead.it.network.CongestionControl;
import java.util.List;
import java.util.Optional;

/** All that take part. */
final class Peers {
    static final String OURS = "fairlead-kcp";
    static final String TCP = "tcp-cubic";

    static final List<Peer> ALL = List.of(
            new FairleadKcp(),
            new PlainTcp(CongestionControl.CUBIC),
            new PlainTcp(CongestionControl.BBR),
            new JavaKcp(false),
            new JavaKcp(true),
            new KcpNetty(),
            new KcpGo(false),
            new KcpGo(true));

    private Peers() {}

    static Peer named(String name) {
        return ALL.stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no contestant \"" + name + "\", known: "
                        + String.join(", ", ALL.stream().map(Peer::name).toList())));
    }

    /**
     * Those of the wanted that can run.
     *
     * @param goObstacle why those in Go cannot, if so
     * @param absent is told the others, as {@code PEER - REASON}
     */
    static List<Peer> present(List<Peer> wanted, Optional<String> goObstacle, List<String> absent) {
        if (goObstacle.isEmpty()) {
            return wanted;
        }
        wanted.stream()
                .filter(peer -> peer.program().isPresent())
                .forEach(peer ->
                        absent.add(peer.name() + " - " + goObstacle.get().replace('\n', ' ')));
        return wanted.stream().filter(peer -> peer.program().isEmpty()).toList();
    }

    /** Whether it is KCP and not ours. */
    static boolean isOtherKcp(String name) {
        return !name.equals(OURS) && !name.startsWith("tcp");
    }
}
