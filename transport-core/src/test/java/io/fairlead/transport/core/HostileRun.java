package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.HostileCase.Do;
import io.fairlead.transport.core.HostileCase.Give;
import io.fairlead.transport.spi.TransportContext;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Does a {@link HostileCase} to a fresh engine, and holds the engine to what no peer may take from it: it ends, with a
 * typed cause, within a bound of work; memory that was not granted is as it was; every operation has ended once;
 * nothing stays entered, leased or registered; and it allocated no more than the limits and the bytes that came allow.
 *
 * <p>Steps: write, notify, read, send, request, datagram (bytes), add, swap, fence, cancel (an earlier operation's
 * place); hold (1: requests wait for reply or refuse, 0: are echoed); handlers (run what an executor holds); stall (1: nothing
 * is written); output (at most so many bytes are written); tick (milliseconds); revoke (a grant's number); close
 * (milliseconds to drain); leave; break.
 */
final class HostileRun {
    static final Limits LIMITS = Conversation.LIMITS.withOperationsInFlight(32).withWaitingOperations(16);

    private static final int GUARD = 8192;
    private static final int GRANTED = Conversation.REGION_BYTES;
    private static final int SECOND = GUARD + GRANTED + GUARD;
    private static final int SECOND_BYTES = 4096;
    private static final int TARGET_BYTES = SECOND + SECOND_BYTES + GUARD;
    private static final int LOCAL_BYTES = GUARD + GRANTED + GUARD;

    /** Output is owed for the reads in flight at most, a round for each 64 KiB or 60 large frames of it. */
    private static final int MAX_ROUNDS = 1000;

    private static final int MAX_TICKS = 400;

    /** Twice what may wait for handlers and the message in assembly, and what a connection itself takes. */
    private static final long ALLOCATED_ALWAYS =
            2 * (LIMITS.messageCreditBytes() + LIMITS.maxMessageBytes()) + 512 * 1024;

    /** A frame of 16 bytes may cost a few small objects; a byte of payload is copied once. */
    private static final int ALLOCATED_PER_BYTE = 24;

    private static final long LONG_NS = Duration.ofMinutes(5).toNanos();
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private static final GuardedMemory TARGET = new GuardedMemory(TARGET_BYTES);
    private static final GuardedMemory LOCAL = new GuardedMemory(LOCAL_BYTES);

    private final ManualNetwork network = new ManualNetwork();
    private final ArrayDeque<Runnable> handlers = new ArrayDeque<>();
    private final List<Ending> endings = new ArrayList<>();
    private final List<Operation<?>> operations = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final ArrayDeque<Long> asked = new ArrayDeque<>();
    private final SoftwareTransport transport;
    private final MemoryRegion target;
    private final MemoryRegion local;
    private final List<MemoryRegion.Grant> grants;
    private final ManualWire wire;
    private final HostileCase doing;
    private boolean hold;
    private boolean stalled;
    private int opened;
    private int closed;
    private long given;
    private long datagramBytes;
    private long allocated;

    /** Told of the end of an operation: once, and then once that its buffer is free. */
    private static final class Ending implements Completion, ReplyHandler {
        private int ended;
        private int released;

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            ended++;
        }

        @Override
        public void replied(long context, @Nullable Message reply, @Nullable TransportException failure) {
            ended++;
        }

        @Override
        public void released(long context) {
            released++;
        }
    }

    private final class Handler implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return doing.inline() ? Dispatch.INLINE : Dispatch.EXECUTOR;
        }

        @Override
        public void opened(Connection connection) {
            opened++;
        }

        @Override
        public void message(Connection from, Message message) {
            touch(message);
        }

        @Override
        public void datagram(Connection from, Message message) {
            touch(message);
            datagramBytes += message.length();
        }

        @Override
        public void request(Connection from, long requestId, Message message) {
            touch(message);
            if (hold) {
                asked.add(requestId);
            } else {
                operations.add(from.reply(requestId, message.payload()));
            }
        }

        @Override
        public void closed(Connection connection, TransportException cause) {
            closed++;
        }

        private void touch(Message message) {
            assertThat(message.length()).isBetween(0L, (long) LIMITS.maxMessageBytes());
            for (long i = 0; i < message.length(); i += 511) {
                message.payload().get(JAVA_BYTE, i);
            }
        }
    }

    private HostileRun(HostileCase doing) {
        this.doing = doing;
        TARGET.fill();
        LOCAL.fill();
        network.nowNs = System.nanoTime();
        transport = new SoftwareTransport(
                "manual",
                TransportConfig.DEFAULT.with(LIMITS),
                TransportContext.plain().with(handlers::add),
                network);
        target = transport.register(TARGET.segment());
        local = transport.register(LOCAL.segment());
        grants = List.of(
                target.grant(GUARD, GRANTED, Rights.ALL, null), target.grant(SECOND, SECOND_BYTES, Rights.READ, null));
        if (doing.server()) {
            transport.listen(new Endpoint("far", 2), peer -> new Handler());
            wire = network.accept();
        } else {
            transport.connect(new Endpoint("far", 2), new Handler());
            wire = network.connected();
        }
    }

    /** @param allocated bytes, by the engine's thread */
    record Outcome(ErrorCode cause, long allocated) {}

    static Outcome run(HostileCase doing) {
        HostileRun run = once(doing);
        if (run.allocated >= run.allowed()) { // classes and call sites are made once: not by the next
            run = once(doing);
        }
        assertThat(run.allocated)
                .as("bytes allocated for %s that came", run.given)
                .isLessThan(run.allowed());
        return new Outcome(run.wire.engine().closed().join().code(), run.allocated);
    }

    private static HostileRun once(HostileCase doing) {
        HostileRun run = new HostileRun(doing);
        for (HostileCase.Step step : doing.steps()) {
            switch (step) {
                case Give give -> run.give(give.bytes());
                case Do now -> run.act(now);
            }
            run.turn();
        }
        run.end();
        run.check();
        return run;
    }

    private void give(byte[] bytes) {
        byte[] real = bytes.clone();
        known(real, HostileCase.TOKEN_0, grants.get(0));
        known(real, HostileCase.TOKEN_1, grants.get(1));
        given += real.length;
        measured(() -> wire.give(real, 0, real.length));
    }

    private static void known(byte[] bytes, long token, MemoryRegion.Grant grant) {
        MemorySegment all = MemorySegment.ofArray(bytes);
        for (int at = 0; at + 8 <= bytes.length; at++) {
            if (bytes[at] == 1 && all.get(FrameHeader.LONG, at) == token) {
                all.set(FrameHeader.LONG, at, grant.descriptor().token());
            }
        }
    }

    private void measured(Runnable task) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        task.run();
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** What a loop does at the end of its turn. */
    private void turn() {
        network.runTasks();
        if (!stalled) {
            output(Long.MAX_VALUE);
        }
    }

    private void output(long most) {
        long left = most;
        for (int round = 0; !wire.closed && left > 0; round++) {
            assertThat(round).as("rounds of output").isLessThan(MAX_ROUNDS);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            OutputBatch batch = wire.engine().output();
            long bytes = 0;
            for (int i = batch.offset(); i < batch.offset() + batch.count(); i++) {
                ByteBuffer buffer = batch.buffers()[i];
                int now = (int) Math.min(buffer.remaining(), left - bytes);
                buffer.position(buffer.position() + now);
                bytes += now;
            }
            if (bytes == 0) {
                return;
            }
            wire.engine().written(bytes);
            allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
            left -= bytes;
        }
    }

    private void act(Do now) {
        long n = now.number();
        switch (now.what()) {
            case "hold" -> hold = n != 0;
            case "stall" -> stalled = n != 0;
            case "output" -> output(Math.max(1, n));
            case "handlers" -> runHandlers();
            case "tick" -> {
                network.nowNs += n * 1_000_000;
                measured(() -> wire.engine().tick(network.nowNs));
            }
            case "revoke" -> grants.get((int) n).revoke();
            case "leave" -> wire.engine().wireFailed(null);
            case "break" -> wire.engine().wireFailed(new IOException("broken"));
            case "close" -> wire.engine().connection().close(Duration.ofMillis(n));
            case "reply", "refuse" -> answer(now.what().equals("reply"));
            case "cancel" -> {
                if (n < numbers.size()) {
                    wire.engine().connection().cancel(numbers.get((int) n));
                }
            }
            default -> {
                if (wire.engine().peer() != null) {
                    submit(now.what(), n);
                }
            }
        }
    }

    private void answer(boolean well) {
        Long id = asked.poll();
        if (id != null) {
            EngineConnection connection = wire.engine().connection();
            operations.add(
                    well ? connection.reply(id, LOCAL.segment().asSlice(0, id & 4095)) : connection.refuse(id, "no"));
        }
    }

    private void submit(String what, long bytes) {
        EngineConnection connection = wire.engine().connection();
        RegionDescriptor remote = new RegionDescriptor(
                0, 0, 1, GRANTED, Rights.ALL, connection.peer().incarnation(), null, null);
        if (what.equals("send")) { // the form that waits for room
            operations.add(connection.send(local, GUARD, bytes, Duration.ofMinutes(5)));
            return;
        }
        Ending ending = new Ending();
        long answer = switch (what) {
            case "write" -> connection.tryWrite(local, GUARD, remote, 0, bytes, LONG_NS, ending, 0);
            case "notify" -> connection.tryWriteNotify(local, GUARD, remote, 0, bytes, 9, LONG_NS, ending, 0);
            case "read" -> connection.tryRead(local, GUARD, remote, 0, bytes, LONG_NS, ending, 0);
            case "request" -> connection.tryRequest(local, GUARD, bytes, LONG_NS, ending, 0);
            case "datagram" -> connection.tryDatagram(local, GUARD, bytes, LONG_NS, ending, 0);
            case "add" -> connection.tryFetchAndAdd(remote, 0, 1, LONG_NS, ending, 0);
            case "swap" -> connection.tryCompareAndSwap(remote, 8, 0, 1, LONG_NS, ending, 0);
            case "fence" -> connection.tryFence(LONG_NS, ending, 0);
            default -> throw new IllegalArgumentException("not a step: " + what);
        };
        if (answer >= 0) {
            numbers.add(answer);
            endings.add(ending);
        }
    }

    private void runHandlers() {
        datagramBytes = 0;
        for (Runnable task = handlers.poll(); task != null; task = handlers.poll()) {
            task.run();
        }
        assertThat(doing.inline() ? 0 : datagramBytes)
                .as("bytes of datagrams that waited")
                .isLessThanOrEqualTo(LIMITS.messageCreditBytes());
    }

    /** Nothing comes any more; the peer may still read, or not. */
    private void end() {
        for (int i = 0; !wire.closed; i++) {
            assertThat(i).as("ticks until a silent peer is dead").isLessThan(MAX_TICKS);
            long due = wire.engine().dueNs();
            assertThat(due).as("when something is due").isNotEqualTo(OperationTable.NEVER);
            network.nowNs = Math.max(network.nowNs + 1_000_000, due);
            measured(() -> wire.engine().tick(network.nowNs));
            turn();
        }
        runHandlers();
        while (!asked.isEmpty()) {
            answer((asked.size() & 1) == 0);
        }
        runHandlers();
        network.runTasks();
    }

    private void check() {
        assertThat(wire.engine().closed().isDone()).as("closed completes").isTrue();
        assertThat(closed).as("calls of closed").isEqualTo(opened);
        for (Ending ending : endings) {
            assertThat(ending.ended).as("ends of an operation").isEqualTo(1);
            assertThat(ending.released).as("releases of an operation").isEqualTo(1);
        }
        for (Operation<?> operation : operations) {
            assertThat(operation.result().isDone()).as("end of an operation").isTrue();
            assertThat(operation.released().isDone())
                    .as("release of an operation")
                    .isTrue();
        }
        assertThat(wire.engine().operationsInFlight())
                .as("operations in flight")
                .isZero();
        TARGET.assertUnchanged(0, GUARD);
        TARGET.assertUnchanged(GUARD + GRANTED, TARGET_BYTES);
        LOCAL.assertUnchanged(0, GUARD);
        LOCAL.assertUnchanged(GUARD + GRANTED, LOCAL_BYTES);
        List<CompletableFuture<?>> freed = List.of(target.release(), local.release());
        network.runTasks();
        freed.forEach(
                each -> assertThat(each.isDone()).as("release of a region").isTrue());
        assertThat(transport.buffers().leasedBytes()).as("bytes leased").isZero();
        CompletableFuture<?> end = transport.close(Duration.ZERO);
        network.runTasks();
        assertThat(end.isDone()).as("close of the transport").isTrue();
    }

    private long allowed() {
        return ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * given;
    }
}
