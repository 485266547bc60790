package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import io.fairlead.benchmarks.Workload.Kind;
import io.fairlead.transport.Connection;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens the connections; each lane is driven by the completions on its connection's loop. */
final class FairleadClient implements Contestant.ClientSide {
    private final Transport transport;
    private final List<LaneDriver> drivers = new ArrayList<>();

    FairleadClient(Transport transport, Workload workload, String address, Regions regions) throws Exception {
        this.transport = transport;
        String[] parts = address.split(" ");
        Endpoint server = Endpoint.parse(parts[0]);
        MemoryRegion local = transport.register(workload.kind() == Kind.READ ? regions.target() : regions.source());
        for (int i = 0; i < workload.connections(); i++) {
            LaneDriver driver = workload.kind() == Kind.ECHO
                    ? new EchoDriver(local, regions.target())
                    : new OneSidedDriver(local, RegionDescriptor.parse(parts[1]));
            Connection connection = transport.connect(server, driver).get(10, TimeUnit.SECONDS);
            driver.connected(connection);
            drivers.add(driver);
        }
    }

    @Override
    public void drive(List<Lane> lanes) {
        for (Lane lane : lanes) {
            drivers.get(lane.connection()).start(lane);
        }
        Lane.await(lanes);
    }

    @Override
    public void close() {
        transport.close();
    }
}
