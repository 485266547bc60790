package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Waiting;
import io.fairlead.benchmarks.Workload;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;

/** The TCP provider through the public SPI: callback forms, inline handlers, one loop on each side. */
public final class FairleadTcp implements Contestant {
    private final Waiting waiting;

    public FairleadTcp(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return waiting == Waiting.SPIN ? "fairlead-tcp-spin" : "fairlead-tcp";
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public String setUp() {
        return "1 loop a side, metrics off" + (waiting == Waiting.SPIN ? ", busyPoll 10 s" : "");
    }

    @Override
    public ServerSide serve(Workload workload, Regions regions) {
        return new FairleadServer(start(), workload, regions);
    }

    @Override
    public ClientSide connect(Workload workload, String address, Regions regions) throws Exception {
        return new FairleadClient(start(), workload, address, regions);
    }

    private Transport start() {
        TransportConfig config = TransportConfig.DEFAULT.with("tcp.loops", "1");
        if (waiting == Waiting.SPIN) {
            config = config.with("tcp.busyPoll", "PT10S");
        }
        return Transports.open(TransportChoice.required("tcp"), config, TransportContext.plain());
    }
}
