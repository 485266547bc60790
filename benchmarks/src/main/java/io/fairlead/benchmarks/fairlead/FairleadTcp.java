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
import java.util.Optional;

/** The TCP provider through the public SPI: callback forms, inline handlers, one loop on each side. */
public final class FairleadTcp implements Contestant {
    /** How its loops wait for work. */
    public enum Polls {
        /** As configured by default: a little, while that pays. */
        ADAPTIVELY("fairlead-tcp", Waiting.SLEEP, "adaptivePoll at its default of 50 us"),
        /** Sleeps at once, like those that know no polling. */
        NEVER("fairlead-tcp-nopoll", Waiting.SLEEP, "adaptivePoll 0"),
        ALWAYS("fairlead-tcp-spin", Waiting.SPIN, "busyPoll 10 s");

        private final String contestant;
        private final Waiting waiting;
        private final String setUp;

        Polls(String contestant, Waiting waiting, String setUp) {
            this.contestant = contestant;
            this.waiting = waiting;
            this.setUp = setUp;
        }
    }

    private final Polls polls;

    public FairleadTcp(Polls polls) {
        this.polls = polls;
    }

    @Override
    public String name() {
        return polls.contestant;
    }

    @Override
    public Waiting waiting() {
        return polls.waiting;
    }

    @Override
    public String setUp() {
        return "1 loop a side, metrics off, " + polls.setUp;
    }

    @Override
    public Optional<String> refuses(Workload workload) {
        return polls == Polls.NEVER && workload.payloadBytes() > 64
                ? Optional.of("shows what polling is worth for small messages only")
                : Optional.empty();
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
        config = switch (polls) {
            case ADAPTIVELY -> config;
            case NEVER -> config.with("tcp.adaptivePoll", "PT0S");
            case ALWAYS -> config.with("tcp.busyPoll", "PT10S");
        };
        return Transports.open(TransportChoice.required("tcp"), config, TransportContext.plain());
    }
}
