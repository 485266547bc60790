package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Contestant;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Accepts connections and gives each a thread. */
final class RawServer implements Contestant.ServerSide {
    private final boolean spinning;
    private final Supplier<Serving> servings;
    private final ServerSocketChannel listener;
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    RawServer(boolean spinning, Supplier<Serving> servings) throws IOException {
        this.spinning = spinning;
        this.servings = servings;
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        start("raw-accept", this::accept);
    }

    @Override
    public String address() {
        return Integer.toString(listener.socket().getLocalPort());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        listener.close();
        for (Wire wire : wires) {
            wire.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Wire wire = new Wire(listener.accept(), spinning);
            wires.add(wire);
            start("raw-serve", () -> servings.get().serve(wire));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void start(String name, Step step) {
        Runnable body = () -> {
            try {
                step.run();
            } catch (ClosedChannelException | EOFException e) {
                // We closed, or the client has left: the ordinary end.
            } catch (IOException e) {
                e.printStackTrace();
            }
        };
        threads.add(Thread.ofPlatform().daemon().name(name).start(body));
    }
}
