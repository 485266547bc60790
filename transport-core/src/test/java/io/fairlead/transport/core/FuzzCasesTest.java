package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What once did harm, or looks as if it could, does none. Each file says why it is kept, and with what the connection ends. */
class FuzzCasesTest {
    static List<Path> kept() throws Exception {
        Path folder = Path.of(
                Objects.requireNonNull(FuzzCasesTest.class.getResource("/fuzz")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void isHarmless(Path file) throws Exception {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.getFirst()).as("the reason").startsWith("# ");
        HostileCase hostile = HostileCase.parse(lines);
        String end = HostileRun.run(hostile).cause().name();
        assertThat(lines.stream().filter(line -> line.startsWith("# Ends in ")).toList())
                .containsExactly("# Ends in " + end + ".");
        assertThat(HostileCase.parse(hostile.text().lines().toList()).text()).isEqualTo(hostile.text());
    }
}
