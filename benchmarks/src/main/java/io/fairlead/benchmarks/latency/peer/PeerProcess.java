package io.fairlead.benchmarks.latency.peer;

import io.fairlead.benchmarks.Child;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a child: one side over one provider. It talks with its parent in lines like {@link Child}, answers each command by one
 * line, and dies when its standard input ends. All that is agreed between the sides goes through the parent, so that
 * nothing but the exercise is on the connection.
 *
 * <p>Arguments: {@code server|client PROVIDER HOST WINDOW METERS [KEY=VALUE...]}.
 */
public final class PeerProcess {
    /** The compiler of the server class waits for 10,000 calls. */
    private static final long LEAST_WARM_UP = 12_000;

    private final Side side;
    private final AllocationMeter allocations = new AllocationMeter();
    private final NativeCallMeter calls;
    private final int window;
    private String kind = "";
    private int bytes;
    private @Nullable Initiator initiator;

    private PeerProcess(Side side, NativeCallMeter calls, int window) {
        this.side = side;
        this.calls = calls;
        this.window = window;
    }

    public static void main(String[] args) {
        try {
            TransportConfig config = TransportConfig.DEFAULT;
            for (String setting : Arrays.asList(args).subList(5, args.length)) {
                int equals = setting.indexOf('=');
                config = config.with(setting.substring(0, equals), setting.substring(equals + 1));
            }
            NativeCallMeter calls = new NativeCallMeter();
            TransportContext plain = TransportContext.plain();
            TransportContext context = Boolean.parseBoolean(args[4]) ? plain.with(calls.registry()) : plain;
            Transport transport = Transports.open(TransportChoice.required(args[1]), config, context);
            Side side = new Side(transport);
            say("ready " + (args[0].equals("server") ? side.listen(args[2]) : ""));
            PeerProcess process = new PeerProcess(side, calls, Integer.parseInt(args[3]));
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                say(process.answer(line.split(" ", -1)));
            }
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            e.printStackTrace();
            say("failed " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "connect" -> side.connect(Endpoint.parse(words[1]));
            case "grant" -> {
                return "grant " + side.grant();
            }
            case "meet" -> side.meet(RegionDescriptor.parse(words[1]), window);
            case "prepare" -> {
                kind = words[1];
                bytes = Integer.parseInt(words[2]);
                initiator = side.prepare(kind, bytes);
            }
            case "warm-up" -> warmUp(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            case "mark" -> {
                allocations.mark();
                calls.mark();
            }
            case "calls" -> {
                return "calls " + calls.sinceMark();
            }
            case "measure" -> {
                return "measure " + measure(Integer.parseInt(words[1]));
            }
            case "allocated" -> {
                return "allocated " + allocations.sinceMark();
            }
            case "finish" -> side.finish(kind, bytes);
            default -> throw new IllegalArgumentException("no command " + words[0]);
        }
        return words[0];
    }

    private void warmUp(int block, long atMostMs) throws InterruptedException {
        WarmUp warmUp = new WarmUp(TimeUnit.MILLISECONDS.toNanos(atMostMs), LEAST_WARM_UP, System::nanoTime);
        long[] times = new long[block];
        do {
            run(times);
            // A busy pair leaves no core to the compilers, and a process that compiles nothing loses little by this.
            Thread.sleep(5);
        } while (warmUp.wantsMoreAfter(times));
    }

    /** @return median, 99th percentile and mean in nanoseconds */
    private String measure(int operations) throws InterruptedException {
        long[] times = new long[operations];
        long startNs = System.nanoTime();
        run(times);
        double mean = (System.nanoTime() - startNs) / (double) operations;
        Arrays.sort(times);
        return String.format(Locale.ROOT, "%d %d %.1f", times[operations / 2], times[(int) (operations * 0.99)], mean);
    }

    private void run(long[] times) throws InterruptedException {
        Initiator running = initiator;
        if (running == null) {
            throw new IllegalStateException("nothing was prepared");
        }
        running.run(times);
    }

    private static synchronized void say(String line) {
        System.out.println(Child.MARK + line.replace('\n', ' '));
        System.out.flush();
    }
}
