package io.fairlead.transport.kcp.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** kcp-go in a process of its own, by the program in {@code src/test/go/kcpgopeer}, which is built once. */
final class KcpGo implements AutoCloseable {
    private static final Path SOURCES = Path.of("src/test/go").toAbsolutePath();
    private static final Path LIBRARIES = Path.of("/usr/share/gocode");
    private static final Path PROGRAM = Path.of("target/kcpgopeer").toAbsolutePath();
    private static final long BUILD_S = 120;
    private static final long EXIT_S = 10;

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    KcpGo(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Builds the program; where that cannot be, the tests that need it are skipped. */
    static void build() throws IOException, InterruptedException {
        assumeTrue(
                Files.isDirectory(LIBRARIES.resolve("src/github.com/xtaci/kcp-go")) && isOnPath("go"),
                "needs Go and kcp-go (Debian: apt-get install golang-go golang-github-xtaci-kcp-dev)");
        Files.createDirectories(PROGRAM.getParent());
        Path log = PROGRAM.resolveSibling("kcpgopeer.log");
        ProcessBuilder builder = new ProcessBuilder("go", "build", "-o", PROGRAM.toString(), "./kcpgopeer")
                .directory(SOURCES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Debian's libraries are sources in a GOPATH; nothing is to be fetched, and no C compiler is needed.
        builder.environment().put("CGO_ENABLED", "0");
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOPATH", LIBRARIES.toString());
        builder.environment().put("GOPROXY", "off");
        builder.environment().put("GOFLAGS", "");
        if (System.getenv("HOME") == null) {
            builder.environment()
                    .putIfAbsent("GOCACHE", PROGRAM.resolveSibling("go-cache").toString());
        }
        Process build = builder.start();
        if (!build.waitFor(BUILD_S, TimeUnit.SECONDS)) {
            build.destroyForcibly();
            throw new AssertionError("go build took more than " + BUILD_S + " s");
        }
        if (build.exitValue() != 0) {
            throw new AssertionError("go build: " + Files.readString(log));
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(":")).stream().anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    /** The next line that begins with a word, without that; blocks until it comes. */
    String await(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
        throw new AssertionError("no \"" + word + "\" from kcp-go: " + this);
    }

    /** Whether {@link #await} would not block now, since something was said or nothing more will be. */
    boolean hasSpoken() throws IOException {
        return output.ready() || !process.isAlive();
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** Lets one that was started as gated receive. */
    void openGate() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Tells it that nothing more is needed. @return its exit code */
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(EXIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("kcp-go does not exit: " + this);
        }
        output.lines().forEach(lines::add);
        return process.exitValue();
    }

    /** What it has said. */
    @Override
    public String toString() {
        return (process.isAlive() ? "alive" : "exited with " + process.exitValue()) + ", said " + lines;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
