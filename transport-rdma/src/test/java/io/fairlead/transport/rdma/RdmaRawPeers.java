package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.RdmaUnavailableException;
import io.fairlead.transport.rdma.verbs.VerbsException;
import io.fairlead.transport.testkit.RawPeers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Streams in SENDs over queue pairs that are made by hand: strangers share nothing with the provider but the verbs and the engine. */
final class RdmaRawPeers implements RawPeers {
    private final Endpoint listenAt;

    /** @param listenAt an address of the device, and any port */
    RdmaRawPeers(Endpoint listenAt) {
        this.listenAt = listenAt;
    }

    private static EventChannel channel() throws VerbsException {
        try {
            return Rdma.open().createEventChannel();
        } catch (RdmaUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public RawEnd connect(Endpoint to) {
        return connect(to, RawEnd.TERMS.encode());
    }

    /** @throws AssertionError if it is refused */
    RawEnd connect(Endpoint to, byte[] terms) {
        try {
            EventChannel events = channel();
            RawEnd end = new RawEnd(events, true, ask(events, to));
            CmEvent answer = end.ask(terms);
            if (answer.type() == CmEventType.REJECTED) {
                end.close();
                throw new AssertionError("refused by " + to + ": " + said(answer));
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect a raw peer to " + to, e);
        }
    }

    /** Why the listener refuses who comes with these terms. @throws AssertionError if it does not */
    String refusal(Endpoint to, byte[] terms) {
        try {
            EventChannel events = channel();
            try (RawEnd end = new RawEnd(events, true, ask(events, to))) {
                CmEvent answer = end.ask(terms);
                if (answer.type() != CmEventType.REJECTED) {
                    throw new AssertionError(to + " did not refuse, but said " + answer.type());
                }
                return said(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(CmEvent refusal) {
        String said = new String(refusal.privateData(), StandardCharsets.UTF_8);
        int end = said.indexOf('\0');
        return end < 0 ? said : said.substring(0, end);
    }

    /** An id whose way to the listener is known. */
    static ConnectionId ask(EventChannel events, Endpoint to) throws IOException {
        ConnectionId id = events.createId();
        id.resolveAddress(null, to.resolve(), (int) RawEnd.PATIENCE.toMillis());
        await(events, RawEnd.PATIENCE, CmEventType.ADDRESS_RESOLVED);
        id.resolveRoute((int) RawEnd.PATIENCE.toMillis());
        await(events, RawEnd.PATIENCE, CmEventType.ROUTE_RESOLVED);
        return id;
    }

    /** Waits for the next event, which must be one of these. */
    static CmEvent await(EventChannel events, Duration bound, CmEventType... types) throws VerbsException {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        while (System.nanoTime() - deadlineNs < 0) {
            CmEvent event = events.next(20);
            if (event != null) {
                if (Arrays.asList(types).contains(event.type())) {
                    return event;
                }
                throw new AssertionError(event + " instead of " + Arrays.toString(types));
            }
        }
        throw new AssertionError("no " + Arrays.toString(types) + " within " + bound);
    }

    @Override
    public Door listen() {
        try {
            return new Door(channel(), listenAt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each is a queue pair on both sides and a mebibyte at the provider's, and takes some twenty milliseconds to open in an emulated guest. */
    @Override
    public int most() {
        return 300;
    }

    /** A listener; for one peer at a time, whose events come by the same channel. */
    static final class Door implements RawListener {
        private final EventChannel events;
        private final ConnectionId id;

        Door(EventChannel events, Endpoint at) throws IOException {
            this.events = events;
            id = events.createId();
            id.bind(at.resolve());
            id.listen(8);
        }

        @Override
        public Endpoint endpoint() {
            try {
                return Endpoint.of(id.localAddress());
            } catch (VerbsException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public RawEnd accept(Duration bound) {
            try {
                RawEnd end = answer(bound, RawEnd.TERMS.encode());
                end.established(await(events, bound, CmEventType.ESTABLISHED));
                return end;
            } catch (VerbsException e) {
                throw new AssertionError(e);
            }
        }

        /** Grants the request that comes, with this answer, and does not wait for what becomes of it. */
        RawEnd answer(Duration bound, byte[] terms) throws VerbsException {
            CmEvent request = await(events, bound, CmEventType.CONNECT_REQUEST);
            RawEnd end = new RawEnd(events, false, request.id());
            end.agree(request.privateData());
            request.id().accept(RawEnd.parameters(terms));
            return end;
        }

        @Override
        public void close() {
            try {
                id.close();
                events.close();
            } catch (VerbsException e) {
                throw new AssertionError(e);
            }
        }
    }
}
