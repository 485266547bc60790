package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Access;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a card refuses changes no byte and ends the connection on both sides. Where each failure of RDMA is tested, {@code kit} being a promise
 * that {@link RdmaContractTest} runs:
 * <pre>
 * wrong or forged key, out of bounds   kit aForgedDescriptorChangesNothingAndClosesItsConnectionAlone
 * no right to write                    the same
 * no right to read                     here
 * revoked, expired grant               kit aRevokedGrantIsRefusedFromTheCallOn, anExpiredGrantIsRefusedLocallyAndByTheTarget
 * another protection domain            here
 * region closed at the target          here; locally: kit aRegionOfAnotherTransportOrClosedFailsLocally
 * operations beside a refused one      kit operationsBesideARefusedOneEndOnce
 * no listener                          kit connectingToNobodyFailsTyped
 * rejected, no route, silent host      {@link RdmaConnectFailureTest}
 * listener's process stands still      kit connectingToAPeerThatDoesNotAnswerFailsInTime
 * peer's process killed                {@link RdmaPeerDeathTest}, kit row 7
 * peer's process stopped               kit row 7 and 8, {@link RdmaLateReceiverTest}
 * queue pair gone without a word       {@link RdmaPeerDeathTest}
 * no receive posted                    {@link RdmaLateReceiverTest}
 * dead link                            {@link RdmaPartitionTest}, {@link RdmaNetworkContractTest}
 * completion queue overruns            {@link DeviceEventsTest}
 * port down, device removed            {@link DeviceLossTest}
 * poller dies                          {@link PollerDeathTest}
 * </pre>
 */
@Tag("rdma")
class RdmaFailureTest {
    private static final int BYTES = 4096;

    /** Two transports, and memory at the far one that nothing may change. */
    private static final class Refusal implements AutoCloseable {
        final RdmaScene scene = new RdmaScene();
        final ContractEnvironment env = scene.environment();
        final Pair pair = env.pair();
        final MemoryRegion local = filled(env.region(pair.nearTransport(), BYTES), 0x77);
        final MemoryRegion target = filled(env.region(pair.farTransport(), BYTES), 0x44);

        static MemoryRegion filled(MemoryRegion region, int value) {
            region.segment().fill((byte) value);
            return region;
        }

        void refused(Pair on, Operation<?> operation) {
            assertThat(Await.failure("the operation", operation, env.soon()).code())
                    .isEqualTo(ErrorCode.REMOTE_ACCESS);
            assertThat(Await.result("the near side closes", on.near().closed(), env.soon())
                            .code())
                    .isEqualTo(ErrorCode.REMOTE_ACCESS);
            assertThat(Await.result("the far side closes", on.farHandler().closed(), env.soon())
                            .code())
                    .isEqualTo(ErrorCode.REMOTE_ACCESS);
            assertThat(Bytes.allAre((byte) 0x77, local.segment())).as("here").isTrue();
        }

        void unchanged(MemoryRegion region) {
            assertThat(Bytes.allAre((byte) 0x44, region.segment())).as("there").isTrue();
        }

        @Override
        public void close() {
            scene.close();
        }
    }

    @Test
    void whatMayBeWrittenOnlyIsNotRead() {
        try (Refusal refusal = new Refusal()) {
            RegionDescriptor good = refusal.target.grant(Rights.WRITE).descriptor();
            RegionDescriptor forged = with(good, Rights.READ_WRITE, good.incarnation());
            Connection connection = refusal.pair.near();

            refusal.refused(refusal.pair, connection.read(refusal.local, 0, forged, 0, 64));
            refusal.unchanged(refusal.target);
        }
    }

    @Test
    void memoryOfAnotherProtectionDomainIsOutOfReach() {
        try (Refusal refusal = new Refusal()) {
            ContractEnvironment env = refusal.env;
            Pair others = env.join(refusal.pair.nearTransport(), env.start(), env.handler(), env.handler());
            MemoryRegion theirs = Refusal.filled(env.region(others.farTransport(), BYTES), 0x44);
            RegionDescriptor good = theirs.grant(Rights.ALL).descriptor();
            RegionDescriptor forged =
                    with(good, Rights.ALL, refusal.pair.farTransport().incarnation());

            refusal.refused(refusal.pair, refusal.pair.near().write(refusal.local, 0, forged, 0, 64));
            Pair second = env.another(refusal.pair);
            refusal.refused(second, second.near().read(refusal.local, 0, forged, 0, 64));
            Pair third = env.another(refusal.pair);
            refusal.refused(third, third.near().fetchAndAdd(forged, 0, 1, env.soon()));
            refusal.unchanged(theirs);
            Await.result(
                    "a write by the right connection",
                    others.near().write(refusal.local, 0, good, 0, BYTES).result(),
                    env.soon());
            assertThat(Bytes.allAre((byte) 0x77, theirs.segment())).isTrue();
        }
    }

    @Test
    void aRegionThatItsOwnerClosedIsOutOfReach() {
        try (Refusal refusal = new Refusal()) {
            RegionDescriptor old = refusal.target.grant(Rights.ALL).descriptor();
            Connection connection = refusal.pair.near();
            Await.result(
                    "a write before",
                    connection.write(refusal.local, 0, old, 0, 64).result(),
                    refusal.env.soon());
            Await.result("the region closes", refusal.target.release(), refusal.env.soon());

            refusal.refused(refusal.pair, connection.write(refusal.local, 0, old, 0, 64));
        }
    }

    @Test
    void whatWasSubmittedBehindARefusedOperationEndsWithItsConnection() {
        try (Refusal refusal = new Refusal()) {
            RegionDescriptor good =
                    refusal.target.grant(Rights.of(Access.REMOTE_READ)).descriptor();
            RegionDescriptor forged = with(good, Rights.ALL, good.incarnation());
            Connection connection = refusal.pair.near();
            Operation<?> read = connection.read(refusal.local, 0, good, 0, 0);
            Operation<?> write = connection.write(refusal.local, 0, forged, 0, 64);
            Operation<?> message = connection.send(refusal.local.segment().asSlice(0, 64));
            Operation<?> request = connection.request(refusal.local.segment().asSlice(0, 64));

            refusal.refused(refusal.pair, write);
            Await.result("what was before", read.result(), refusal.env.soon());
            for (Operation<?> behind : new Operation<?>[] {message, request}) {
                assertThat(Await.failure("what was behind", behind, refusal.env.soon())
                                .code())
                        .isIn(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.CLOSED);
                Await.result("its buffer", behind.released(), refusal.env.soon());
            }
            refusal.unchanged(refusal.target);
        }
    }

    private static RegionDescriptor with(RegionDescriptor good, Rights rights, long incarnation) {
        return new RegionDescriptor(
                good.regionId(),
                good.generation(),
                good.token(),
                good.length(),
                rights,
                incarnation,
                good.expiresAt(),
                good.providerKey());
    }
}
