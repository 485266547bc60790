package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The native library of this system, extracted from the jar and loaded once per process.
 *
 * <p>A library belongs to one class loader, and DiSNI asks for it by {@code System.loadLibrary("disni")}. So both live in
 * a {@link DisniClassLoader}, which finds the extracted file without any flag of the JVM.
 */
final class NativeLibrary {
    private static final String BINDING = "io.fairlead.transport.rdma.verbs.disni.DisniVerbs";

    private NativeLibrary() {}

    /** Where the library of this system would be in the jar; {@code META-INF/native/linux-x86_64/libdisni.so}. */
    static String resource() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return "META-INF/native/" + os + "-" + (arch.equals("amd64") ? "x86_64" : arch) + "/libdisni.so";
    }

    /** Why the library cannot be used, or null if it can. */
    static @Nullable String problem() {
        return Loaded.PROBLEM;
    }

    static NativeVerbs loaded() {
        NativeVerbs verbs = Loaded.VERBS;
        if (verbs == null) {
            throw new IllegalStateException(Loaded.PROBLEM);
        }
        return verbs;
    }

    /** Lazily, so that a host where nobody asks for RDMA never touches a native library. */
    private static final class Loaded {
        static final @Nullable NativeVerbs VERBS;
        static final @Nullable String PROBLEM;

        static {
            NativeVerbs verbs = null;
            String problem = null;
            try {
                verbs = load(resource());
            } catch (IOException | ReflectiveOperationException | LinkageError e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                problem = resource() + ": " + cause;
            }
            VERBS = verbs;
            PROBLEM = problem;
        }
    }

    static NativeVerbs load(String resource) throws IOException, ReflectiveOperationException {
        ClassLoader parent = NativeLibrary.class.getClassLoader();
        try (InputStream library = parent.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IOException("this jar holds no native library for this system");
            }
            Path file = Files.createTempFile(
                    "libdisni",
                    ".so",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                return (NativeVerbs) new DisniClassLoader(parent, file)
                        .loadClass(BINDING)
                        .getConstructor()
                        .newInstance();
            } finally {
                // Once mapped, the file's name is not needed any more.
                Files.deleteIfExists(file);
            }
        }
    }
}
