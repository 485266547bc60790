package io.fairlead.transport.kcp.interop;

import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.fairlead.transport.kcp.protocol.KcpPresets;
import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kcp-go understands us and we it, whoever begins and however bad the path: what each end sends arrives at the other, both at the same
 * time, with equal hashes. {@code -Dfairlead.kcp.seed=4711} repeats the streams and the faults of a run, if not its timing.
 */
class KcpGoInteropTest {
    private static final int MIB = 1 << 20;

    private final long seed =
            Long.getLong("fairlead.kcp.seed", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    private final KcpGoExchange exchange = new KcpGoExchange(seed);

    @BeforeAll
    static void buildTheOtherProgram() throws IOException, InterruptedException {
        KcpGo.build();
    }

    @ParameterizedTest(name = "kcp-go is the client: {0}, loss {1} each way")
    @CsvSource({"false, 0", "false, 0.05", "false, 0.2", "true, 0", "true, 0.05", "true, 0.2"})
    void fiftyMebibytesArriveEachWay(boolean weListen, double loss) throws Exception {
        exchange.withBytes(50 * MIB).withLoss(loss).withUsListening(weListen).run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDefaultWindowsOfKcpGoAreEnough(boolean weListen) throws Exception {
        exchange.withBytes(2 * MIB)
                .withLoss(0.05)
                .withUsListening(weListen)
                .withWindow(32)
                .run();
    }

    @ParameterizedTest
    @ValueSource(ints = {470, 1500})
    void theEndsMayDifferInTheMtu(int mtuOfKcpGo) throws Exception {
        exchange.withBytes(4 * MIB).withLoss(0.05).withMtu(mtuOfKcpGo).run();
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetGetsOnWithIt(Preset preset) throws Exception {
        exchange.with(preset.config).withBytes(preset.bytes).withLoss(0.05).run();
    }

    enum Preset {
        /** Slow on such a path, as it has a congestion window and no fast retransmission. */
        NORMAL(KcpPresets.NORMAL, MIB / 4),
        TURBO(KcpPresets.TURBO, 4 * MIB),
        KCPTUN_NORMAL(KcpPresets.KCPTUN_NORMAL, 4 * MIB),
        IKCP(KcpPresets.legacy(Rules.IKCP, 1, 10, 2, true), 4 * MIB),
        IKCP_CONSERVE(KcpPresets.legacy(Rules.IKCP_CONSERVE, 1, 10, 2, true), 4 * MIB),
        KCP_GO(KcpPresets.legacy(Rules.KCP_GO, 1, 10, 2, true), 4 * MIB);

        private final KcpConfig config;
        private final int bytes;

        Preset(KcpConfig config, int bytes) {
            this.config = config;
            this.bytes = bytes;
        }
    }

    /** A server of ours takes the conversation from whichever copy of the first datagram it sees. */
    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void everyDatagramMayComeTwiceOrLateFromTheFirst(double duplicate, double reorder) throws Exception {
        exchange.with(new BadPath.Faults(0, duplicate, reorder))
                .withUsListening(true)
                .run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anApplicationThereThatPausesStopsUsUntilItGoesOn(boolean weListen) throws Exception {
        exchange.withBytes(4 * MIB).withLoss(0.2).withUsListening(weListen).runWithKcpGoPausing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ourApplicationThatPausesStopsItUntilWeGoOn(boolean weListen) throws Exception {
        exchange.withBytes(4 * MIB).withLoss(0.2).withUsListening(weListen).runWithUsPausing();
    }
}
