package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A jar without a library for the system says so. */
class MissingLibraryTest {
    @Test
    void systemWithoutALibraryIsTold() {
        assertThatThrownBy(() -> NativeLibrary.load("META-INF/native/plan9-mips/libdisni.so"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no native library for this system");
    }

    @Test
    void resourceIsNamedAfterSystemAndArchitecture() {
        assertThat(NativeLibrary.resource()).matches("META-INF/native/[a-z0-9 ]+-[a-z0-9_]+/libdisni\\.so");
    }
}
