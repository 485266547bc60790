package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.transport.rdma.verbs.Availability.Reason;
import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library comes out of the jar, fits what Java declares, and tells what it misses. Needs no device. */
class NativeLibraryTest {
    private static final String DISPATCHER = "com.ibm.disni.verbs.impl.NativeDispatcher";
    private static final String EXTENDED = "io.fairlead.transport.rdma.verbs.disni.ExtendedVerbs";

    @BeforeEach
    void isBuilt() {
        assumeTrue(
                NativeLibrary.class.getClassLoader().getResource(NativeLibrary.resource()) != null,
                "libdisni.so was not built; transport-rdma/src/main/c/README.md says what that needs");
    }

    @Test
    void loadsFromTheJarIntoAClassLoaderOfItsOwn() {
        assertThat(NativeLibrary.problem()).isNull();

        assertThat(NativeLibrary.loaded().getClass().getClassLoader()).isInstanceOf(DisniClassLoader.class);
        assertThat(NativeLibrary.loaded()).isSameAs(NativeLibrary.loaded());
    }

    @ParameterizedTest
    @ValueSource(strings = {DISPATCHER, EXTENDED})
    void everyNativeMethodIsInTheLibrary(String type, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("libdisni.so");
        try (InputStream library = resource(NativeLibrary.resource());
                Arena arena = Arena.ofConfined()) {
            Files.copy(library, file);
            SymbolLookup symbols = SymbolLookup.libraryLookup(file, arena);

            assertThat(nativeMethods(type))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(symbols.find(symbol(type, name)))
                            .as(name)
                            .isPresent());
        }
    }

    @Test
    void disniDeclaresFortyEightNatives() throws Exception {
        assertThat(nativeMethods(DISPATCHER)).hasSize(48);
    }

    @Test
    void directBuffersHaveAddressesWithoutAnyFlag() throws Exception {
        Method getAddress = NativeLibrary.loaded()
                .getClass()
                .getClassLoader()
                .loadClass("com.ibm.disni.util.MemoryUtils")
                .getMethod("getAddress", ByteBuffer.class);
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        long address = MemorySegment.ofBuffer(buffer).address();

        assertThat(getAddress.invoke(null, buffer)).isEqualTo(address);
        assertThat(getAddress.invoke(null, buffer.position(8))).isEqualTo(address);
        assertThatThrownBy(() -> getAddress.invoke(null, ByteBuffer.allocate(64)))
                .isInstanceOf(InvocationTargetException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void handlesThatNeverWereAreRefused() {
        NativeVerbs verbs = NativeLibrary.loaded();
        int before = verbs.openHandles();

        for (long handle : new long[] {0, 1, -1, 1L << 32, 0x7fff_ffff_ffff_ffffL, Long.MIN_VALUE}) {
            assertThat(HandleCalls.all(verbs, handle))
                    .as("handle " + handle)
                    .allSatisfy((call, result) -> assertThat(result).as(call).isEqualTo(-Errno.ESTALE.number()));
        }
        assertThat(verbs.openHandles()).isEqualTo(before);
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        try (FreshLibrary fresh = FreshLibrary.load()) {
            Availability missing = Probe.run(fresh.verbs(), "libnothere.so.1", Probe.IBVERBS);

            assertThat(missing.reason()).isEqualTo(Reason.NO_RDMA_LIBRARY);
            assertThat(missing.detail()).containsAnyOf("libnothere.so.1", Probe.IBVERBS);
        }
    }

    @Test
    void saysIfTheLibraryThereIsNone(@TempDir Path directory) throws Exception {
        Path broken = Files.writeString(directory.resolve("libibverbs.so.1"), "no ELF");
        try (FreshLibrary fresh = FreshLibrary.load()) {
            Availability unusable = Probe.run(fresh.verbs(), Probe.RDMACM, broken.toString());

            assertThat(unusable.reason()).isEqualTo(Reason.NO_RDMA_LIBRARY);
            assertThat(unusable.detail()).contains(broken.toString());
        }
    }

    @Test
    void saysIfTheLibraryThereIsAnother() throws Exception {
        try (FreshLibrary fresh = FreshLibrary.load()) {
            Availability unusable = Probe.run(fresh.verbs(), "libc.so.6", "libc.so.6");

            assertThat(unusable.reason()).isEqualTo(Reason.NO_RDMA_LIBRARY);
            assertThat(unusable.detail()).contains("undefined symbol");
        }
    }

    @Test
    void probingLeavesNothingOpen() throws Exception {
        Rdma.probe();
        long descriptors = openDescriptors();

        Availability availability = Rdma.probe();

        assertThat(availability.detail()).isNotBlank();
        assertThat(openDescriptors()).isEqualTo(descriptors);
        assertThat(NativeLibrary.loaded().openHandles()).isZero();
    }

    private static Stream<String> nativeMethods(String type) throws ClassNotFoundException {
        Class<?> declaring =
                Class.forName(type, false, NativeLibrary.loaded().getClass().getClassLoader());
        return Stream.of(declaring.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .map(Method::getName);
    }

    /** Of the JNI specification: dots become underscores, underscores become {@code _1}. */
    private static String symbol(String type, String method) {
        return "Java_" + type.replace('.', '_') + "_" + method.replace("_", "_1");
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(NativeLibrary.class.getClassLoader().getResourceAsStream(name), name);
    }

    private static long openDescriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
