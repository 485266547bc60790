package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The library once more, with nothing of rdma-core opened yet: a copy under another name is another library. */
record FreshLibrary(NativeVerbs verbs, Path file) implements AutoCloseable {
    static FreshLibrary load() throws Exception {
        ClassLoader parent = NativeLibrary.class.getClassLoader();
        Path file = Files.createTempFile("libdisni", ".so");
        try (InputStream library = Objects.requireNonNull(parent.getResourceAsStream(NativeLibrary.resource()))) {
            Files.write(file, library.readAllBytes());
        }
        NativeVerbs verbs = (NativeVerbs) new DisniClassLoader(parent, file)
                .loadClass("io.fairlead.transport.rdma.verbs.disni.DisniVerbs")
                .getConstructor()
                .newInstance();
        return new FreshLibrary(verbs, file);
    }

    @Override
    public void close() throws Exception {
        Files.delete(file);
    }
}
