package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.ManualClock;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Row 5: what only the target can find fails with REMOTE_ACCESS, changes no byte, closes that connection and harms no other.
 * Only records of the SPI are forged here; forged frames come with the handshake's.
 */
final class BadDescriptor {
    private static final int GRANTED = 4096;
    private static final int TARGET_BYTES = 3 * GRANTED;
    private static final byte BEFORE = 0x44;

    private BadDescriptor() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(5, "aForgedDescriptorChangesNothingAndClosesItsConnectionAlone", BadDescriptor::forged),
                Promise.of(5, "aRevokedGrantIsRefusedFromTheCallOn", BadDescriptor::revoked),
                Promise.of(5, "anExpiredGrantIsRefusedLocallyAndByTheTarget", BadDescriptor::expired),
                Promise.of(5, "aDescriptorOfAnotherPeerFailsLocally", BadDescriptor::foreign),
                Promise.of(5, "operationsBesideARefusedOneEndOnce", BadDescriptor::neighbours));
    }

    /** The pairs of transports, the memory at the target, and a connection that must not be harmed. */
    private static final class Scene {
        final ContractEnvironment env;
        final Pair unharmed;
        final MemoryRegion local;
        final MemoryRegion target;
        final MemoryRegion.Grant grant;

        Scene(ContractEnvironment env, Pair unharmed, Rights rights, @Nullable Duration validFor) {
            this.env = env;
            this.unharmed = unharmed;
            local = env.region(unharmed.nearTransport(), TARGET_BYTES);
            local.segment().fill((byte) 0x77);
            target = env.region(unharmed.farTransport(), TARGET_BYTES);
            target.segment().fill(BEFORE);
            grant = target.grant(GRANTED, GRANTED, rights, validFor);
        }

        /** Tries all kinds of operations, each on a connection of its own. */
        void allRefused(String what, RegionDescriptor bad, long at) {
            refused(what + ", write", (calls, i) -> calls.write(i, local, 0, bad, at, 64));
            refused(what + ", write of many frames", (calls, i) -> calls.write(i, local, 0, bad, 0, bad.length()));
            refused(what + ", tag", (calls, i) -> calls.writeNotify(i, local, 0, bad, at, 64, 9));
            refused(what + ", read", (calls, i) -> calls.read(i, local, 0, bad, at, 64));
            refused(what + ", add", (calls, i) -> calls.add(i, bad, at, 1));
        }

        void refused(String what, Call call) {
            Pair pair = env.another(unharmed);
            CompletionLog log = env.log(1);
            call.submit(new Calls(pair.near(), log), 0);
            log.awaitEnds(env.soon());
            Expect.code(what, ErrorCode.REMOTE_ACCESS, log.failure(0));
            Expect.code(
                    what + ", why the near side closes",
                    ErrorCode.REMOTE_ACCESS,
                    Await.result(what + ": the near side closes", pair.near().closed(), env.soon()));
            Expect.code(
                    what + ", why the far side closes",
                    ErrorCode.REMOTE_ACCESS,
                    Await.result(
                            what + ": the far side closes", pair.farHandler().closed(), env.soon()));
            Expect.equal("tags of a refused write", 0, pair.farHandler().tags());
            if (!Bytes.allAre(BEFORE, target.segment()) || !Bytes.allAre((byte) 0x77, local.segment())) {
                throw new AssertionError(what + ": memory was changed");
            }
            pair.listener().close();
            stillWorks();
        }

        void stillWorks() {
            Expect.open("a refused operation on another connection", unharmed.near());
            byte[] reply = Await.result(
                    "a request beside",
                    unharmed.near().request(local.segment().asSlice(0, 8)).result(),
                    env.soon());
            Expect.equal("the reply's length", 8, reply.length);
        }
    }

    private interface Call {
        long submit(Calls calls, int context);
    }

    private static void forged(ContractEnvironment env) {
        Scene scene = new Scene(env, env.pair(), Rights.ALL, null);
        RegionDescriptor good = scene.grant.descriptor();
        Map<String, RegionDescriptor> bad = new LinkedHashMap<>();
        bad.put("token off by one bit", with(good, good.regionId(), good.generation(), good.token() ^ 1));
        bad.put(
                "token off in its high half",
                with(good, good.regionId(), good.generation(), good.token() ^ (1L << 63)));
        bad.put("token zero", with(good, good.regionId(), good.generation(), 0));
        bad.put("all zero", with(good, 0, 0, 0));
        bad.put("unknown region", with(good, good.regionId() + 1000, good.generation(), good.token()));
        bad.put("negative region", with(good, -1, good.generation(), good.token()));
        bad.put("largest region", with(good, Integer.MAX_VALUE, good.generation(), good.token()));
        bad.put("generation to come", with(good, good.regionId(), good.generation() + 1, good.token()));
        bad.put("generation before", with(good, good.regionId(), good.generation() - 1, good.token()));
        ProviderKey key = good.providerKey();
        if (key != null) {
            // All that a network card looks at is its key, with bounds and rights.
            bad.clear();
            bad.put("key off by one bit", with(good, new ProviderKey(key.key() ^ 1, key.address())));
            bad.put("key off in its high half", with(good, new ProviderKey(key.key() ^ (1L << 31), key.address())));
            bad.put("key zero", with(good, new ProviderKey(0, key.address())));
            bad.put("key of all ones", with(good, new ProviderKey(0xffff_ffffL, key.address())));
            bad.put("address before", with(good, new ProviderKey(key.key(), key.address() - 8)));
            bad.put("address zero", with(good, new ProviderKey(key.key(), 0)));
        }
        bad.forEach((what, descriptor) -> scene.allRefused(what, descriptor, 0));
        scene.allRefused("length widened", lengthened(good, GRANTED + 64), GRANTED);
        Scene readable = new Scene(env, scene.unharmed, Rights.READ, null);
        RegionDescriptor widened = widened(readable.grant.descriptor());
        readable.refused("write right forged", (calls, i) -> calls.write(i, readable.local, 0, widened, 0, 64));
        readable.refused("atomic right forged", (calls, i) -> calls.add(i, widened, 0, 1));
    }

    private static RegionDescriptor with(RegionDescriptor good, ProviderKey key) {
        return new RegionDescriptor(
                good.regionId(),
                good.generation(),
                good.token(),
                good.length(),
                good.rights(),
                good.incarnation(),
                good.expiresAt(),
                key);
    }

    private static RegionDescriptor with(RegionDescriptor good, int regionId, int generation, long token) {
        return new RegionDescriptor(
                regionId,
                generation,
                token,
                good.length(),
                good.rights(),
                good.incarnation(),
                good.expiresAt(),
                good.providerKey());
    }

    private static RegionDescriptor lengthened(RegionDescriptor good, long length) {
        return new RegionDescriptor(
                good.regionId(),
                good.generation(),
                good.token(),
                length,
                good.rights(),
                good.incarnation(),
                good.expiresAt(),
                good.providerKey());
    }

    private static RegionDescriptor widened(RegionDescriptor good) {
        return new RegionDescriptor(
                good.regionId(),
                good.generation(),
                good.token(),
                good.length(),
                Rights.ALL,
                good.incarnation(),
                good.expiresAt(),
                good.providerKey());
    }

    private static void revoked(ContractEnvironment env) {
        Scene scene = new Scene(env, env.pair(), Rights.ALL, null);
        Await.result("revoke", scene.grant.revoke(), env.soon());
        scene.allRefused("revoked", scene.grant.descriptor(), 0);
        // The slot's next user must not be reached by the old descriptor either.
        MemoryRegion.Grant next = scene.target.grant(GRANTED, GRANTED, Rights.ALL, null);
        scene.allRefused("revoked, slot used again", scene.grant.descriptor(), 0);
        Await.result("revoke", next.revoke(), env.soon());
        Await.result("revoking twice", next.revoke(), env.soon());
        Await.result("release", scene.target.release(), env.soon());
    }

    private static void expired(ContractEnvironment env) {
        ManualClock nearClock = new ManualClock();
        ManualClock farClock = new ManualClock(nearClock.instant());
        Transport near = env.start(env.config(), TransportContext.plain().with(nearClock));
        Transport far = env.start(env.config(), TransportContext.plain().with(farClock));
        Pair pair = env.join(near, far, env.handler(), env.handler());
        Scene scene = new Scene(env, pair, Rights.ALL, Duration.ofMinutes(1));
        RegionDescriptor descriptor = scene.grant.descriptor();
        CompletionLog log = env.log(1);
        new Calls(pair.near(), log).read(0, scene.local, 0, descriptor, 0, 8);
        log.awaitSuccess(env.soon());
        scene.local.segment().fill((byte) 0x77);
        farClock.advance(Duration.ofMinutes(1));
        if (descriptor.providerKey() != null) {
            Await.holdsFor("the time to drop a registration passes", Duration.ofMillis(500), () -> true);
        }
        scene.allRefused("expired at the target", descriptor, 0);
        nearClock.advance(Duration.ofMinutes(1));
        CompletionLog late = env.log(1);
        Expect.refusal(
                "an expired descriptor",
                ErrorCode.DESCRIPTOR_EXPIRED,
                late.submit(
                        0,
                        (done, context) ->
                                pair.near().tryWrite(scene.local, 0, descriptor, 0, 8, 1_000_000_000L, done, context)));
        scene.stillWorks();
    }

    private static void foreign(ContractEnvironment env) {
        Pair pair = env.pair();
        MemoryRegion own = env.region(pair.nearTransport(), 64);
        RegionDescriptor descriptor = own.grant(Rights.ALL).descriptor();
        CompletionLog log = env.log(2);
        Expect.refusal(
                "a descriptor of the caller's own",
                ErrorCode.STALE_DESCRIPTOR,
                log.submit(
                        0,
                        (done, context) ->
                                pair.near().tryWrite(own, 0, descriptor, 0, 8, 1_000_000_000L, done, context)));
        Expect.refusal(
                "a descriptor of the caller's own",
                ErrorCode.STALE_DESCRIPTOR,
                log.submit(
                        1,
                        (done, context) ->
                                pair.near().tryFetchAndAdd(descriptor, 0, 8, 1_000_000_000L, done, context)));
        Expect.open("a stale descriptor", pair.near());
    }

    /** A refused operation among good ones: those before it succeed, all end once. */
    private static void neighbours(ContractEnvironment env) {
        Scene scene = new Scene(env, env.pair(), Rights.WRITE, null);
        RegionDescriptor good = scene.grant.descriptor();
        ProviderKey key = good.providerKey();
        RegionDescriptor bad = key == null
                ? with(good, good.regionId(), good.generation(), good.token() + 1)
                : with(good, new ProviderKey(key.key() ^ 1, key.address()));
        for (int round = 0; round < 20; round++) {
            Pair pair = env.another(scene.unharmed);
            int operations = 100;
            int wrong = env.random().nextInt(operations);
            CompletionLog log = env.log(operations);
            for (int i = 0; i < operations; i++) {
                RegionDescriptor target = i == wrong ? bad : good;
                long answer = log.submit(
                        i,
                        (done, context) ->
                                pair.near().tryWrite(scene.local, 0, target, 0, 100, 10_000_000_000L, done, context));
                if (answer < 0 && i <= wrong) {
                    throw new AssertionError("write " + i + " was refused: " + ErrorCode.ofRefusal(answer));
                }
            }
            log.awaitEnds(env.soon());
            Expect.code("the forged write", ErrorCode.REMOTE_ACCESS, log.failure(wrong));
            for (int i = 0; i < wrong; i++) {
                if (log.failure(i) != null) {
                    throw new AssertionError("write " + i + " before the refused one failed", log.failure(i));
                }
            }
            for (int i = wrong + 1; i < operations; i++) {
                if (log.wasAccepted(i) && log.failure(i) == null) {
                    throw new AssertionError("write " + i + " after the refused one succeeded");
                }
            }
            Await.result("the near side closes", pair.near().closed(), env.soon());
            pair.listener().close();
        }
        scene.stillWorks();
    }
}
