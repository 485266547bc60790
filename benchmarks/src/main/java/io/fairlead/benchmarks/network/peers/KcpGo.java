package io.fairlead.benchmarks.network.peers;

import io.fairlead.benchmarks.network.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** kcp-go of Debian in a Go program of ours, which does in Go what {@code PeerChild} does. */
public final class KcpGo implements Peer {
    private static final Path SOURCE = Path.of("benchmarks", "src", "main", "go", "kcpgopeer", "main.go");
    private static final Path PROGRAM = Path.of("benchmarks", "target", "kcpgopeer");

    private final boolean ackNoDelay;

    public KcpGo(boolean ackNoDelay) {
        this.ackNoDelay = ackNoDelay;
    }

    @Override
    public String name() {
        return ackNoDelay ? "kcp-go-acknow" : "kcp-go";
    }

    @Override
    public String setUp() {
        return "kcp-go of Debian, nodelay (1,10,2,1), window 1024 unless told, MTU 1400, stream mode, no write delay"
                + (ackNoDelay ? ", ACKNoDelay" : "") + "; no encryption, no FEC";
    }

    @Override
    public Optional<Path> program() {
        return Optional.of(PROGRAM);
    }

    /** Builds the program. @return why that is not possible, or empty */
    public static Optional<String> build() throws InterruptedException {
        try {
            Files.createDirectories(PROGRAM.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder("go", "build", "-o", PROGRAM.toString(), SOURCE.toString());
            builder.environment().putAll(Map.of("GO111MODULE", "off", "GOPATH", "/usr/share/gocode"));
            Process process = builder.redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of("go build failed: " + output.strip());
        } catch (IOException e) {
            return Optional.of(
                    "needs Go and kcp-go (Debian: apt-get install golang-go golang-github-xtaci-kcp-dev): " + e);
        }
    }

    @Override
    public void listen(InetSocketAddress local, Inlet inlet) {
        throw new UnsupportedOperationException("a program of its own");
    }

    @Override
    public Outlet connect(InetSocketAddress server, Inlet inlet) {
        throw new UnsupportedOperationException("a program of its own");
    }
}
