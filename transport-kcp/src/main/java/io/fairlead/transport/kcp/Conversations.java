package io.fairlead.transport.kcp;

import io.fairlead.transport.kcp.protocol.Kcp;

/** Hears of every conversation of a transport. Any loop's thread. */
interface Conversations {
    /** Keeps no account. */
    Conversations UNCOUNTED = new Conversations() {
        @Override
        public void opened(Kcp kcp) {}

        @Override
        public void ended(Kcp kcp) {}

        @Override
        public void close() {}
    };

    void opened(Kcp kcp);

    /** Its numbers change no more. */
    void ended(Kcp kcp);

    /** The transport has ended. */
    void close();
}
