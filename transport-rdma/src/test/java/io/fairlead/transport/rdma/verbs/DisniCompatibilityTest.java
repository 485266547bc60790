package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The library is whole: DiSNI's own objects, which we do not use, work on it as well. */
@Tag("rdma")
class DisniCompatibilityTest {
    @Test
    void disnisOwnObjectsConnectWriteAndClose() throws Exception {
        Callable<?> write = (Callable<?>) NativeLibrary.loaded()
                .getClass()
                .getClassLoader()
                .loadClass("io.fairlead.transport.rdma.verbs.disni.DisniWrite")
                .getConstructor(InetSocketAddress.class)
                .newInstance(new InetSocketAddress(Loopback.address(), 0));
        int before = Rdma.open().openObjects();

        assertThat(write.call()).isEqualTo("by DiSNI's own hands, 0");
        assertThat(Rdma.open().openObjects()).isEqualTo(before);
    }
}
