package io.fairlead.it.network;

import java.util.Locale;

/** Which packets a direction loses. */
public sealed interface Loss {
    /** Loses nothing. */
    Loss NONE = new Random(0);

    /** Loses each packet with the same probability, independently. */
    static Loss random(double probability) {
        return new Random(probability);
    }

    /**
     * Loses whole bursts.
     *
     * @param meanLoss the share of packets lost in the long run, 0 to 0.9
     * @param meanBurstPackets how many packets a burst loses on average, 1 or more
     */
    static Loss bursts(double meanLoss, double meanBurstPackets) {
        if (!(meanLoss >= 0 && meanLoss <= 0.9)) {
            throw new IllegalArgumentException("mean loss of bursts must be 0 to 0.9, not " + meanLoss);
        }
        if (!(meanBurstPackets >= 1)) {
            throw new IllegalArgumentException("mean burst must be 1 packet or more, not " + meanBurstPackets);
        }
        double leave = 1 / meanBurstPackets;
        return new GilbertElliott(leave * meanLoss / (1 - meanLoss), leave, 0, 1);
    }

    /** Each packet with the same probability, 0 to 1. */
    record Random(double probability) implements Loss {
        public Random {
            Chance.requireProbability("loss", probability);
        }
    }

    /**
     * The model of Gilbert and Elliott: the link is good or bad, changes with a probability at each packet, and loses in
     * each state with a probability of its own. It starts good.
     *
     * @param toBad probability that a good link turns bad before a packet
     * @param toGood probability that a bad link turns good before a packet
     * @param lossWhenGood loss in the good state
     * @param lossWhenBad loss in the bad state
     */
    record GilbertElliott(double toBad, double toGood, double lossWhenGood, double lossWhenBad) implements Loss {
        public GilbertElliott {
            Chance.requireProbability("good-to-bad", toBad);
            Chance.requireProbability("bad-to-good", toGood);
            Chance.requireProbability("loss when good", lossWhenGood);
            Chance.requireProbability("loss when bad", lossWhenBad);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "bursts %s/%s/%s/%s", toBad, toGood, lossWhenGood, lossWhenBad);
        }
    }
}
