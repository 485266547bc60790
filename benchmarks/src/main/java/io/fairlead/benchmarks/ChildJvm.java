package io.fairlead.benchmarks;

import java.util.List;

/** The JVM flags of every child, the same for all contestants and part of the printed facts. */
final class ChildJvm {
    static final List<String> FLAGS = List.of(
            "-Xms512m",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            // Netty and Agrona were written for Unsafe; without it they would not show what they can do.
            "--sun-misc-unsafe-memory-access=allow");

    private ChildJvm() {}
}
