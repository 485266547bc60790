package io.fairlead.it.network;

import java.time.Duration;
import java.util.List;

/** What the relay is started with, as its command line carries it. */
record RelayPlan(String namespaceA, String namespaceB, String deviceA, String deviceB, NetworkConfig config) {
    List<String> arguments() {
        return List.of(
                namespaceA,
                namespaceB,
                deviceA,
                deviceB,
                config.aToB().text(),
                config.bToA().text(),
                Long.toString(config.seed()),
                Integer.toString(config.mtuBytes()),
                config.atMost().toString());
    }

    static RelayPlan parse(List<String> arguments) {
        NetworkConfig config = NetworkConfig.of(
                        LinkConditions.parse(arguments.get(4)), Long.parseLong(arguments.get(6)))
                .withConditions(LinkConditions.parse(arguments.get(4)), LinkConditions.parse(arguments.get(5)))
                .withMtu(Integer.parseInt(arguments.get(7)))
                .withTimeLimit(Duration.parse(arguments.get(8)));
        return new RelayPlan(arguments.get(0), arguments.get(1), arguments.get(2), arguments.get(3), config);
    }
}
