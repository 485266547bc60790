package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.MeterReading;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Row 15: after a scripted run with failures the meters say what happened, by the same names on every provider. */
final class MetricsTruth {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsTruth.class);

    private MetricsTruth() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(15, "bytesAndOperationsByOutcomeAreAsScripted", MetricsTruth::script),
                Promise.of(15, "inFlightAndBackPressureFollowWhatHappens", MetricsTruth::inFlight),
                Promise.of(15, "connectionsRegionsAndLeasesReturnToZero", MetricsTruth::gauges),
                Promise.of(15, "theEffectiveTransportIsOnEveryMeter", MetricsTruth::effective));
    }

    private static void script(ContractEnvironment env) {
        Pair pair = env.pair();
        MeterReading near = env.reading(pair.nearTransport());
        MeterReading far = env.reading(pair.farTransport());
        MemoryRegion local = env.region(pair.nearTransport(), 1 << 20);
        MemoryRegion target = env.region(pair.farTransport(), 1 << 20);
        MemoryRegion.Grant grant = target.grant(Rights.ALL);
        RegionDescriptor descriptor = grant.descriptor();
        CompletionLog log = env.log(60);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < 10; i++) {
            calls.write(i, local, 0, descriptor, 0, 1000 + i);
            calls.read(10 + i, local, 0, descriptor, 0, 300_000);
            calls.send(20 + i, local, 0, 77);
            calls.add(30 + i, descriptor, 0, 1);
            calls.writeNotify(40 + i, local, 0, descriptor, 0, 11, i);
        }
        log.awaitSuccess(env.soon());
        for (int i = 50; i < 55; i++) {
            calls.request(i, local, 0, 20);
        }
        log.awaitSuccess(env.soon());
        is(env, "writes", 10, () -> near.operations("write", "ok"));
        is(env, "bytes written", 10_045, () -> near.bytes("write", "out"));
        is(env, "reads", 10, () -> near.operations("read", "ok"));
        is(env, "bytes read", 3_000_000, () -> near.bytes("read", "in"));
        is(env, "messages", 10, () -> near.operations("send", "ok"));
        is(env, "bytes sent", 770, () -> near.bytes("send", "out"));
        is(env, "bytes received", 770, () -> far.bytes("send", "in"));
        is(env, "adds", 10, () -> near.operations("fetch_and_add", "ok"));
        is(env, "tags", 10, () -> near.operations("write_notify", "ok"));
        is(env, "requests", 5, () -> near.operations("request", "ok"));
        is(env, "bytes requested", 100, () -> near.bytes("request", "out"));
        is(env, "replies", 5, () -> far.operations("reply", "ok"));
        if (env.fixture().movesWithoutTarget()) {
            LOG.info(
                    "the far side's bytes of writes and reads are not asked: who takes no part in them cannot count them");
        } else {
            is(env, "bytes read from the far side", 3_000_000, () -> far.bytes("read", "out"));
            is(
                    env,
                    "bytes written by the peer",
                    10_045 + 110,
                    () -> far.bytes("write", "in") + far.bytes("write_notify", "in"));
        }
        failures(env, pair, near, local, grant);
    }

    private static void failures(
            ContractEnvironment env, Pair pair, MeterReading near, MemoryRegion local, MemoryRegion.Grant grant) {
        Await.result("revoke", grant.revoke(), env.soon());
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).write(0, local, 0, grant.descriptor(), 0, 500);
        log.awaitEnds(env.soon());
        Expect.code("the write", ErrorCode.REMOTE_ACCESS, log.failure(0));
        is(env, "writes refused", 1, () -> near.operations("write", tag(ErrorCode.REMOTE_ACCESS)));
        is(env, "bytes written, without the refused", 10_045, () -> near.bytes("write", "out"));
        is(env, "connections that failed", 1, () -> near.errors(tag(ErrorCode.REMOTE_ACCESS)));
        is(env, "operations in flight", 0, near::inFlight);
        is(env, "connections", 0, near::connections);
    }

    private static void inFlight(ContractEnvironment env) {
        Gate gate = env.gate();
        var limits = env.config().limits().withMessages(1024, 4, 4096);
        Pair pair = env.pair(
                env.config().with(limits),
                env.handler(),
                env.handler(Dispatch.EXECUTOR).onRequest((connection, id, message) -> {
                    gate.pass();
                    connection.reply(id, message.payload());
                }));
        MeterReading near = env.reading(pair.nearTransport());
        MemoryRegion local = env.region(pair.nearTransport(), 64);
        CompletionLog log = env.log(10);
        Calls calls = new Calls(pair.near(), log);
        for (int i = 0; i < 10; i++) {
            calls.request(i, local, 0, 8);
        }
        Expect.equal("requests accepted with 4 credits", 4, log.accepted());
        is(env, "operations in flight", 4, near::inFlight);
        is(env, "refusals", 6, () -> near.backPressure("request"));
        is(env, "credits left", 0, near::credits);
        gate.open();
        log.awaitSuccess(env.soon());
        is(env, "operations in flight", 0, near::inFlight);
        // A receiver may hold back less than half of its window, to say more at once.
        Await.until("at least half of the credits come back", env.soon(), () -> near.credits() >= 2);
        is(env, "requests", 4, () -> near.operations("request", "ok"));
    }

    private static void gauges(ContractEnvironment env) {
        Pair pair = env.pair();
        MeterReading near = env.reading(pair.nearTransport());
        is(env, "connections", 1, near::connections);
        double regionsBefore = near.regions();
        double bytesBefore = near.registeredBytes();
        for (int i = 0; i < 20; i++) {
            MemoryRegion region = pair.nearTransport().allocate(100_000);
            is(env, "regions", regionsBefore + 1, near::regions);
            is(env, "registered bytes", bytesBefore + 100_000, near::registeredBytes);
            Await.result("release", region.release(), env.soon());
            is(env, "regions", regionsBefore, near::regions);
        }
        is(env, "registered bytes", bytesBefore, near::registeredBytes);
        for (int i = 0; i < 20; i++) {
            Await.result(
                    "a copied message",
                    pair.near()
                            .send(pair.nearTransport().allocate(64).segment(), Calls.FAR_OFF)
                            .result(),
                    env.soon());
        }
        is(env, "bytes on lease", 0, near::leasedBytes);
        Await.result("close", pair.near().close(Duration.ofSeconds(2)), env.soon());
        is(env, "connections", 0, near::connections);
        is(env, "operations in flight", 0, near::inFlight);
    }

    private static void effective(ContractEnvironment env) {
        var transport = env.start();
        var effective = transport.effective();
        if (!effective.name().equals(env.fixture().name())) {
            throw new AssertionError("the effective transport is " + effective + ", wanted "
                    + env.fixture().name());
        }
        env.reading(transport).checkTags(effective);
    }

    private static void is(ContractEnvironment env, String what, double expected, DoubleSupplier reading) {
        try {
            Await.until(what, env.soon(), () -> reading.getAsDouble() == expected);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "the meter of " + what + " says " + reading.getAsDouble() + ", wanted " + expected, e);
        }
    }

    private static String tag(ErrorCode code) {
        return code.name().toLowerCase(Locale.ROOT);
    }
}
