package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.core.ReconnectPolicy;
import io.fairlead.transport.core.ReconnectingClient;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;

/** Row 13: a peer that comes back at its address is another one: old descriptors are refused, new connections work. */
final class Restart {
    private static final int PER_SECOND = 10;

    private Restart() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(13, "afterAKilledPeerIsBackOldDescriptorsAreRefusedAndANewConnectionWorks", Restart::killed),
                Promise.of(13, "afterAClosedTransportIsBackOldDescriptorsAreRefused", Restart::closed),
                Promise.of(13, "reconnectingIsBoundedAndSucceedsWhenThePeerIsBack", Restart::backOff));
    }

    private static void killed(ContractEnvironment env) {
        PeerProcess peer = env.peer(env.config());
        RegionDescriptor old = peer.grant("target", 4096, Rights.ALL.bits());
        Transport near = env.start();
        MemoryRegion local = env.randomRegion(near, 4096);
        Connection connection = env.connect(near, peer.endpoint(), env.handler());
        use(env, connection, local, old);
        long incarnation = connection.peer().incarnation();
        peer.kill();
        Await.result("the connection closes", connection.closed(), env.soon());
        PeerProcess again = env.peer(env.config(), peer.endpoint());
        RegionDescriptor fresh = again.grant("target", 4096, Rights.ALL.bits());
        Connection next = env.connect(near, again.endpoint(), env.handler());
        if (next.peer().incarnation() == incarnation) {
            throw new AssertionError("the peer came back with the incarnation it had before");
        }
        refused(env, next, local, old);
        use(env, next, local, fresh);
    }

    private static void closed(ContractEnvironment env) {
        Transport near = env.start();
        MemoryRegion local = env.randomRegion(near, 4096);
        Transport far = env.start();
        Endpoint at = env.listen(far, connection -> env.handler()).endpoint();
        for (int round = 0; round < 5; round++) {
            RegionDescriptor old = far.allocate(4096).grant(Rights.ALL).descriptor();
            Connection before = env.connect(near, at, env.handler());
            use(env, before, local, old);
            Await.result("the far transport closes", far.close(Duration.ofSeconds(1)), env.soon());
            Await.result("the connection closes", before.closed(), env.soon());
            far = env.start();
            far.listen(at, connection -> env.handler());
            Connection next = env.connect(near, at, env.handler());
            refused(env, next, local, old);
            use(env, next, local, far.allocate(4096).grant(Rights.ALL).descriptor());
        }
    }

    private static void backOff(ContractEnvironment env) {
        Transport near = env.start();
        Transport far = env.start();
        Endpoint at = env.listen(far, connection -> env.handler()).endpoint();
        ReconnectPolicy policy = new ReconnectPolicy(Duration.ofMillis(1), Duration.ofMillis(100), PER_SECOND);
        ReconnectingClient client = env.closing(new ReconnectingClient(near, at, env::handler, policy, env.random()));
        Connection first = Await.result("the first connection", client.connection(), env.soon());
        Await.result("the far transport closes", far.close(Duration.ofSeconds(1)), env.soon());
        Await.result("the connection closes", first.closed(), env.soon());
        long before = client.attempts();
        Await.holdsFor(
                "attempts at a dead peer are bounded",
                Duration.ofSeconds(1),
                () -> client.attempts() - before <= PER_SECOND + 1);
        if (client.attempts() == before) {
            throw new AssertionError("no attempt was made to connect again");
        }
        env.start().listen(at, connection -> env.handler());
        Connection again = Await.result("the next connection", client.connection(), env.soon());
        Await.result("a fence", again.fence(Calls.FAR_OFF).result(), env.soon());
    }

    private static void refused(ContractEnvironment env, Connection on, MemoryRegion local, RegionDescriptor old) {
        CompletionLog log = env.log(2);
        Expect.refusal(
                "a write by a descriptor of before",
                ErrorCode.STALE_DESCRIPTOR,
                log.submit(
                        0,
                        (done, context) -> on.tryWrite(local, 0, old, 0, 8, Calls.FAR_OFF.toNanos(), done, context)));
        Expect.refusal(
                "a read by a descriptor of before",
                ErrorCode.STALE_DESCRIPTOR,
                log.submit(
                        1, (done, context) -> on.tryRead(local, 0, old, 0, 8, Calls.FAR_OFF.toNanos(), done, context)));
    }

    private static void use(ContractEnvironment env, Connection on, MemoryRegion local, RegionDescriptor target) {
        Await.result("a write", on.write(local, 0, target, 0, 4096).result(), env.soon());
        Await.result("a request", on.request(local.segment().asSlice(0, 16)).result(), env.soon());
    }
}
