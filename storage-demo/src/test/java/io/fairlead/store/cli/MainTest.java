package io.fairlead.store.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.store.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MainTest {
    private static final PrintStream STDOUT = System.out;
    private static final PrintStream STDERR = System.err;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(STDOUT);
        System.setErr(STDERR);
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return Main.run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String nodes(TestCluster cluster, String... ids) {
        return Stream.of(ids).map(id -> id + "=" + cluster.node(id).endpoint()).collect(Collectors.joining(","));
    }

    @Test
    void helpTellsCommandsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out())
                .contains("demo", "node", "put", "get", "ls", "rm", "stat", "2   called or configured wrongly");
        for (String command : List.of("demo", "node", "put", "get", "ls", "rm", "stat")) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out()).contains("Usage: fairlead " + command, "--set");
        }
    }

    @Test
    void calledWronglyItExitsWith2AndSaysWhy() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("fly")).isEqualTo(2);
        assertThat(run("ls")).isEqualTo(2);
        assertThat(err()).contains("no nodes are known", "--nodes");
        assertThat(run("ls", "--set", "store.replication.replica=1")).isEqualTo(2);
        assertThat(err()).contains("nearest is 'store.replication.replicas'");
        assertThat(run("put", "--nodes", "n1=h:1,n2=h:2,n3=h:3", "-")).isEqualTo(2);
        assertThat(err()).contains("--key");
        assertThat(run("demo", "--nodes", "2", "--replicas", "3")).isEqualTo(2);
        assertThat(err()).contains("--replicas is 3, allowed 1..2");
    }

    @Test
    void whatFailsExitsWith1AndNamesTheNode() {
        assertThat(run("ls", "--nodes", "n1=127.0.0.1:1,n2=127.0.0.1:2,n3=127.0.0.1:3"))
                .isEqualTo(1);
        assertThat(err()).contains("no node answered", "node n1 at 127.0.0.1:1");
        assertThat(run("ls", "--transport", "pigeon", "--nodes", "n1=h:1,n2=h:2,n3=h:3"))
                .isEqualTo(1);
        assertThat(err()).contains("unknown transport 'pigeon'", "tcp (available)");
    }

    @Test
    void filesGoInAndComeOutAndAreListedAndRemoved() throws Exception {
        byte[] data = new byte[200_000];
        new Random(1).nextBytes(data);
        Path tree = Files.createDirectories(directory.resolve("tree/sub"));
        Files.write(tree.resolve("a"), data);
        Files.write(tree.resolveSibling("b"), new byte[0]);
        try (TestCluster cluster = new TestCluster(directory).start("n1", "n2", "n3")) {
            String nodes = nodes(cluster, "n1", "n2", "n3");
            String small = "store.chunk.bytes=64KiB";
            assertThat(run(
                            "put",
                            "--nodes",
                            nodes,
                            "--set",
                            small,
                            directory.resolve("tree").toString()))
                    .as(this::err)
                    .isZero();
            assertThat(run("ls", "--nodes", nodes, "tree/")).isZero();
            assertThat(out().lines().map(line -> line.replaceAll(".* ", ""))).containsExactly("tree/b", "tree/sub/a");
            Path back = directory.resolve("back");
            assertThat(run("get", "--nodes", nodes, "tree/sub/a", "-o", back.toString(), "--json"))
                    .isZero();
            assertThat(Files.readAllBytes(back)).isEqualTo(data);
            assertThat(out()).contains("\"bytes\":200000");
            assertThat(run("stat", "--nodes", nodes, "tree/sub/a")).isZero();
            assertThat(out()).contains("sha256", "n1", "65536");
            assertThat(run("stat", "--nodes", nodes, "--json")).isZero();
            assertThat(out()).contains("\"node\":\"n1\"", "\"keys\":2", "\"up\":true");
            assertThat(run("rm", "--nodes", nodes, "tree/b", "nothing", "tree/sub/a"))
                    .isEqualTo(1);
            assertThat(out()).contains("deleted tree/b", "deleted tree/sub/a");
            assertThat(err()).contains("nothing: no such key: 'nothing'");
            assertThat(run("get", "--nodes", nodes, "tree/b", "-o", back.toString()))
                    .isEqualTo(1);
            assertThat(Files.readAllBytes(back)).as("untouched by the failure").isEqualTo(data);
            cluster.stop("n2");
            assertThat(run("stat", "--nodes", nodes)).isEqualTo(1);
            assertThat(out()).contains("down");
        }
    }

    @Test
    void standardInputGoesInAndComesOutOfAnotherProcess() throws Exception {
        byte[] data = new byte[3_000_000];
        new Random(2).nextBytes(data);
        try (TestCluster cluster = new TestCluster(directory, "store.chunk.max-bytes=1MiB").start("n1", "n2", "n3")) {
            String nodes = nodes(cluster, "n1", "n2", "n3");
            ChildJvm.Result put =
                    ChildJvm.run(data, "put", "--nodes", nodes, "--key", "k", "--set", "store.chunk.bytes=1MiB", "-");
            assertThat(put.exitCode()).as(put.err()).isZero();
            assertThat(put.text()).isEqualTo("stored k (2.9 MiB)" + System.lineSeparator());
            ChildJvm.Result got = ChildJvm.run(new byte[0], "get", "--nodes", nodes, "k", "-o", "-");
            assertThat(got.exitCode()).as(got.err()).isZero();
            assertThat(got.out()).isEqualTo(data);
        }
    }

    @Test
    void whatIsNoRegularFileIsWrittenToAndNeverReplaced() throws Exception {
        Path pipe = directory.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        Path file = Files.write(directory.resolve("file"), new byte[] {1, 2, 3});
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createFile(directory.resolve("target")));
        try (TestCluster cluster = new TestCluster(directory).start("n1", "n2", "n3")) {
            String nodes = nodes(cluster, "n1", "n2", "n3");
            assertThat(run("put", "--nodes", nodes, file.toString())).isZero();
            CompletableFuture<byte[]> read = new CompletableFuture<>();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    read.complete(Files.readAllBytes(pipe));
                } catch (IOException e) {
                    read.completeExceptionally(e);
                }
            });
            assertThat(run("get", "--nodes", nodes, "file", "-o", pipe.toString()))
                    .as(this::err)
                    .isZero();
            assertThat(read.get(10, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
            reader.join();
            assertThat(Files.isRegularFile(pipe)).isFalse();
            assertThat(run("get", "--nodes", nodes, "file", "-o", link.toString()))
                    .isZero();
            assertThat(link).isSymbolicLink();
            assertThat(Files.readAllBytes(link)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aNodeKilledWithKillDash9HasItsDataAgainWhenItIsStartedAgain() throws Exception {
        String data = directory.resolve("node").toString();
        byte[] value = new byte[9_000_000];
        new Random(3).nextBytes(value);
        Path file = Files.write(directory.resolve("file"), value);
        String[] one = {"--set", "store.replication.replicas=1", "--set", "store.replication.min-replicas=1"};
        String[] start = {"node", "--id", "n1", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--dir", data};
        for (String command : List.of("put", "get")) {
            Process node = ChildJvm.command(start)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                String ready = node.inputReader().readLine();
                String endpoint = ready.replaceAll(".*endpoint=(\\S+).*", "$1");
                List<String> line = new ArrayList<>(List.of(command, "--nodes", "n1=" + endpoint));
                line.addAll(List.of(one));
                line.addAll(
                        command.equals("put")
                                ? List.of(file.toString())
                                : List.of(
                                        "file", "-o", directory.resolve("back").toString()));
                assertThat(run(line.toArray(String[]::new))).as(this::err).isZero();
            } finally {
                node.destroyForcibly().waitFor();
            }
        }
        assertThat(directory.resolve("back")).hasSameBinaryContentAs(file);
    }

    @Test
    void aNodeDoesNotStartInADirectoryOfOtherThings() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("diary"), "dear");
        ChildJvm.Result result = ChildJvm.run(
                new byte[0], "node", "--dir", directory.toString(), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("is not empty (diary)");
        assertThat(result.text()).isEmpty();
    }
}
