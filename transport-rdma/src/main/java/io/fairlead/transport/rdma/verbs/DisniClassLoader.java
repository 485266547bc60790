package io.fairlead.transport.rdma.verbs;

import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Defines DiSNI's classes and our binding to them itself, from the class files that the parent sees, and answers
 * {@code System.loadLibrary("disni")} out of them with a given file. All other classes are the parent's.
 */
final class DisniClassLoader extends ClassLoader {
    private static final String DISNI = "com.ibm.disni.";
    private static final String BINDING = "io.fairlead.transport.rdma.verbs.disni.";
    private static final String MEMORY_UTILS = DISNI + "util.MemoryUtils";

    private final Path library;

    static {
        registerAsParallelCapable();
    }

    DisniClassLoader(ClassLoader parent, Path library) {
        super("fairlead-disni", parent);
        this.library = library;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(DISNI) && !name.startsWith(BINDING)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = name.equals(MEMORY_UTILS) ? memoryUtils() : classFile(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    @Override
    protected @Nullable String findLibrary(String name) {
        return name.equals("disni") ? library.toString() : null;
    }

    private byte[] classFile(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** In place of DiSNI's, which needs {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}. */
    private static byte[] memoryUtils() {
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_long, ClassDesc.of("java.nio.ByteBuffer"));
        return ClassFile.of()
                .build(
                        ClassDesc.of(MEMORY_UTILS),
                        file -> file.withFlags(ACC_PUBLIC)
                                .withMethodBody(
                                        "getAddress",
                                        type,
                                        ACC_PUBLIC | ACC_STATIC,
                                        code -> code.aload(0)
                                                .invokestatic(
                                                        ClassDesc.of(BINDING + "DirectBuffers"), "getAddress", type)
                                                .lreturn()));
    }
}
