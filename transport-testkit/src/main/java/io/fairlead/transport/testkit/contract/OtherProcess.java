package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.PeerSession;
import io.fairlead.transport.testkit.Promise;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Rows 1 to 3 and 11 with a peer in another process, which may be on another machine: what the rest of these rows see at both ends in one
 * process, the peer tells here by checksums.
 */
final class OtherProcess {
    private static final int MESSAGES = 400;
    private static final int MESSAGE_BYTES = 20_000;
    private static final int WRITES = 200;
    private static final int WRITE_BYTES = 40_000;
    private static final int LARGE = 4 << 20;

    private OtherProcess() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(1, "inAnotherProcessAMessageAndATagFindTheWriteBeforeThem", env -> new Scene(env).marked()),
                Promise.of(2, "inAnotherProcessALargeWriteArrivesWholeAndIsReadBack", env -> new Scene(env).large()),
                Promise.of(3, "inAnotherProcessMessagesComeWholeAndInOrderOnce", env -> new Scene(env).messages()),
                Promise.of(3, "inAnotherProcessAReadSeesTheWriteBeforeIt", env -> new Scene(env).readBack()),
                Promise.of(3, "inAnotherProcessEveryRequestHasItsOwnReply", env -> new Scene(env).requests()),
                Promise.of(11, "inAnotherProcessACloseFinishesWhatIsInFlight", env -> new Scene(env).close()));
    }

    /** A connection to the peer, local memory with random content, and memory of the peer. */
    private static final class Scene {
        final ContractEnvironment env;
        final PeerProcess peer;
        final RegionDescriptor target;
        final Transport near;
        final MemoryRegion local;
        final Connection connection;

        Scene(ContractEnvironment env) {
            this.env = env;
            peer = env.peer(env.config());
            target = peer.grant("target", LARGE, Rights.ALL.bits());
            near = env.start();
            local = env.randomRegion(near, LARGE);
            connection = env.connect(near, peer.endpoint(), env.handler());
        }

        void marked() {
            CRC32C expected = new CRC32C();
            int tag = 0;
            for (int bytes : new int[] {1, 8, 300, 4096, 8192, 8193, 65_536, 100_000, 1 << 20}) {
                peer.ask("watch target 0 " + bytes);
                for (int round = 0; round < 3; round++) {
                    long from = env.random().nextInt(LARGE - bytes);
                    MemorySegment written = local.segment().asSlice(from, bytes);
                    connection.write(local, from, target, 0, bytes);
                    connection.send(local, from, 8, Calls.FAR_OFF);
                    expected.update(local.segment().asSlice(from, 8).asByteBuffer());
                    expected.update(written.asByteBuffer());
                    handled();
                    from = env.random().nextInt(LARGE - bytes);
                    written = local.segment().asSlice(from, bytes);
                    connection.writeNotify(local, from, target, 0, bytes, ++tag, Calls.FAR_OFF);
                    expected.update(written.asByteBuffer());
                    handled();
                }
            }
            Expect.equal("the last tag", tag, peer.count("lastTag"));
            same("what the handler found", expected);
        }

        /** What was sent before has been handled when a request is answered. */
        private void handled() {
            Await.result(
                    "a reply", connection.request(local.segment().asSlice(0, 1)).result(), env.soon());
        }

        void large() {
            MemoryRegion back = env.region(near, LARGE);
            Operation<?> write = connection.write(local, 0, target, 0, LARGE, Calls.FAR_OFF);
            Await.result("the write", write.result(), env.soon());
            String expected = PeerSession.crc(local.segment());
            String found = peer.ask("crc target 0 " + LARGE);
            if (!found.equals(expected)) {
                throw new AssertionError("the target holds " + found + ", written was " + expected);
            }
            Operation<?> read = connection.read(back, 0, target, 0, LARGE, Calls.FAR_OFF);
            Await.result("the read", read.result(), env.soon());
            Bytes.same("what was read back", local.segment(), back.segment());
        }

        void messages() {
            CRC32C expected = new CRC32C();
            CompletionLog log = env.log(MESSAGES);
            Calls calls = new Calls(connection, log);
            for (int i = 0; i < MESSAGES; i++) {
                int bytes = 1 + env.random().nextInt(i % 10 == 0 ? MESSAGE_BYTES : 500);
                int from = env.random().nextInt(LARGE - bytes);
                expected.update(local.segment().asSlice(from, bytes).asByteBuffer());
                calls.send(i, local, from, bytes);
            }
            log.awaitSuccess(env.soon());
            handled();
            Expect.equal("messages handled", MESSAGES, peer.count("messages"));
            same("the messages in their order", expected);
        }

        private void same(String what, CRC32C expected) {
            String found = peer.ask("digest");
            if (!found.equals(Long.toHexString(expected.getValue()))) {
                throw new AssertionError(
                        what + ": the peer's digest is " + found + ", wanted " + Long.toHexString(expected.getValue()));
            }
        }

        /** All writes go over each other; each read is submitted right behind its write. */
        void readBack() {
            MemoryRegion back = env.region(near, (long) WRITES * WRITE_BYTES);
            int[] from = new int[WRITES];
            int[] size = new int[WRITES];
            CompletionLog log = env.log(3 * WRITES);
            Calls calls = new Calls(connection, log);
            for (int i = 0; i < WRITES; i++) {
                size[i] = 1 + env.random().nextInt(i % 8 == 0 ? WRITE_BYTES : 1000);
                from[i] = env.random().nextInt(LARGE - size[i]);
                calls.write(3 * i, local, from[i], target, 0, size[i]);
                calls.read(3 * i + 1, back, (long) i * WRITE_BYTES, target, 0, size[i]);
                calls.fence(3 * i + 2); // else the next write may overtake this read
            }
            log.awaitSuccess(env.soon());
            for (int i = 0; i < WRITES; i++) {
                Bytes.same(
                        "read " + i,
                        local.segment().asSlice(from[i], size[i]),
                        back.segment().asSlice((long) i * WRITE_BYTES, size[i]));
            }
        }

        void requests() {
            List<Operation<byte[]>> requests = new ArrayList<>();
            List<MemorySegment> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                int bytes = 1 + env.random().nextInt(i % 10 == 0 ? MESSAGE_BYTES : 500);
                sent.add(local.segment().asSlice(env.random().nextInt(LARGE - bytes), bytes));
                requests.add(connection.request(sent.getLast()));
            }
            for (int i = 0; i < MESSAGES; i++) {
                byte[] reply = Await.result("reply " + i, requests.get(i).result(), env.soon());
                Bytes.same("reply " + i, sent.get(i), MemorySegment.ofArray(reply));
            }
        }

        void close() {
            CompletionLog log = env.log(2 * WRITES);
            Calls calls = new Calls(connection, log);
            for (int i = 0; i < WRITES; i++) {
                calls.write(2 * i, local, 0, target, 0, WRITE_BYTES);
                calls.send(2 * i + 1, local, 0, 100);
            }
            CloseOutcome outcome = Await.result("close", connection.close(Duration.ofSeconds(20)), env.soon());
            if (outcome != CloseOutcome.GRACEFUL) {
                throw new AssertionError("the close was " + outcome);
            }
            log.awaitSuccess(env.soon());
            Await.until("every message was handled", env.soon(), () -> peer.count("messages") == WRITES);
            Await.until("the peer hears of the end", env.soon(), () -> peer.count("closes") == 1);
        }
    }
}
