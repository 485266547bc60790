package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.MachineFacts;
import io.fairlead.benchmarks.UsageException;
import io.fairlead.benchmarks.network.peers.KcpGo;
import io.fairlead.it.network.BadNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The entry of {@code compare-loss}: an echo through the emulator, over weathers and seeds. */
public final class CompareLoss {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private CompareLoss() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            LossOptions options = LossOptions.parse(args);
            if (options.help) {
                System.out.print(LossOptions.HELP);
                return;
            }
            boolean failed = !options.reportOnly && run(options, String.join(" ", args));
            System.out.print(EchoReport.write(options.out));
            System.exit(failed ? EXIT_FAILED : 0);
        } catch (UsageException e) {
            System.err.println("compare-loss: " + e.getMessage());
            System.exit(EXIT_USAGE);
        }
    }

    /** @return whether any run failed */
    private static boolean run(LossOptions options, String arguments) throws IOException, InterruptedException {
        Optional<String> obstacle = BadNetwork.obstacle();
        if (obstacle.isPresent()) {
            throw new UsageException(obstacle.get());
        }
        List<String> absent = new ArrayList<>();
        List<Peer> peers = Peers.present(options.peers, KcpGo.build(), absent);
        boolean failed = false;
        System.err.println(EchoSample.COLUMNS);
        for (Weather weather : options.weathers) {
            List<String> facts = new ArrayList<>();
            facts.add("command: benchmarks/compare-loss " + arguments);
            facts.addAll(MachineFacts.print().lines().toList());
            facts.add("children: java " + String.join(" ", PeerChild.JVM_FLAGS));
            facts.add("conditions, both ways: " + weather.conditions().text());
            LossRounds rounds = new LossRounds(weather, options, System.err);
            rounds.run(peers);
            facts.add("load average at the end: " + MachineFacts.loadAverage());
            List<String> failures = new ArrayList<>(absent);
            failures.addAll(rounds.failures());
            new EchoData(weather, facts, failures, rounds.samples()).write(options.out);
            failed |= !rounds.failures().isEmpty();
        }
        return failed;
    }
}
