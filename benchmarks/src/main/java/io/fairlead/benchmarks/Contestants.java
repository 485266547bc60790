package io.fairlead.benchmarks;

import io.fairlead.benchmarks.aeron.AeronUdp;
import io.fairlead.benchmarks.fairlead.FairleadTcp;
import io.fairlead.benchmarks.fairlead.FairleadTcp.Polls;
import io.fairlead.benchmarks.netty.NettyEpoll;
import io.fairlead.benchmarks.raw.RawNio;
import io.fairlead.benchmarks.ucx.Jucx;
import java.util.List;

/** Who takes part, in the order of the tables. */
final class Contestants {
    static final List<Contestant> ALL = List.of(
            new FairleadTcp(Polls.ADAPTIVELY),
            new FairleadTcp(Polls.NEVER),
            new FairleadTcp(Polls.ALWAYS),
            new RawNio(Waiting.SLEEP),
            new RawNio(Waiting.SPIN),
            new NettyEpoll(),
            new Jucx(Waiting.SLEEP),
            new Jucx(Waiting.SPIN),
            new AeronUdp(Waiting.SLEEP),
            new AeronUdp(Waiting.SPIN));

    private Contestants() {}

    static Contestant named(String name) {
        return ALL.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no contestant \"" + name + "\"; there are "
                        + ALL.stream().map(Contestant::name).toList()));
    }
}
