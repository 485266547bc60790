package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Registration is paid once, and the bound holds. */
class SlabPoolTest {
    private static final long MIB = 1 << 20;

    private final SoftwareTransport transport = new SoftwareTransport(
            "manual",
            TransportConfig.DEFAULT.with(TransportConfig.DEFAULT.limits().withPoolBytes(2 * MIB)),
            TransportContext.plain(),
            new ManualNetwork());
    private final SlabPool pool = (SlabPool) transport.buffers();

    @Test
    void aLeaseIsOfItsSizeClassAndComesBack() {
        PooledBuffer lease = pool.lease(1000);
        assertThat(lease.segment().byteSize()).isEqualTo(1000);
        assertThat(pool.leasedBytes()).isEqualTo(1024);
        assertThat(pool.registeredBytes()).isEqualTo(MIB);
        lease.close();
        assertThat(pool.leasedBytes()).isZero();
        assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leasesNeverOverlap() {
        List<PooledBuffer> leases = new ArrayList<>();
        for (byte i = 0; i < 100; i++) {
            PooledBuffer lease = pool.lease(300);
            lease.segment().fill(i);
            leases.add(lease);
        }
        for (byte i = 0; i < 100; i++) {
            assertThat(leases.get(i).segment().get(ValueLayout.JAVA_BYTE, 299)).isEqualTo(i);
            leases.get(i).close();
        }
    }

    @Test
    void theBoundIsNamedAndNothingGrowsBeyondIt() {
        PooledBuffer first = pool.lease(MIB);
        PooledBuffer second = pool.lease(MIB);
        assertThat(pool.tryLease(MIB)).isNull();
        assertThatThrownBy(() -> pool.lease(1)).hasMessageContaining("limit poolBytes of 2097152");
        first.close();
        assertThat(Objects.requireNonNull(pool.tryLease(MIB)).length()).isEqualTo(MIB);
        second.close();
        assertThatThrownBy(() -> pool.lease(17 * MIB)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLostLeaseIsTakenBack() {
        pool.lease(4096);
        await().until(() -> {
            System.gc();
            return pool.leasedBytes() == 0;
        });
    }
}
