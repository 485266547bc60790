package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Rights;
import io.fairlead.transport.core.MemoryRegistrar.Registration;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.Rdma;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class RdmaMemoryTest {
    /** Soft-RoCE numbers registrations one by one; a key is the number and eight random bits. */
    @Test
    void aKeyOfAGrantThatEndedIsNotHandedOutAgain() throws Exception {
        int objects = Rdma.open().openObjects();
        try (Arena arena = Arena.ofShared();
                EventChannel channel = Rdma.open().createEventChannel();
                ConnectionId id = channel.createId()) {
            id.bind(new RdmaFixture().listenAddress().resolve());
            EndedKeys ended = new EndedKeys(1 << 14);
            RdmaMemory memory = new RdmaMemory(id.device().allocateProtectionDomain(), ended);
            MemorySegment segment = arena.allocate(4096, 4096);
            Registration first = memory.register(segment, Rights.ALL);
            int number = key(first) >>> 8;
            first.close();
            assertThat(ended.contains(key(first))).isTrue();
            for (int next = 1; next <= 3; next++) {
                for (int bits = 0; bits < 256; bits++) {
                    ended.add((number + next) << 8 | bits);
                }
            }

            Registration second = memory.register(segment, Rights.ALL);

            assertThat(key(second) >>> 8).isEqualTo(number + 4);
            assertThat(memory.registrations()).isEqualTo(1);
            second.close();
            memory.close();
        }
        assertThat(Rdma.open().openObjects()).isEqualTo(objects);
    }

    private static int key(Registration grant) {
        return (int) Objects.requireNonNull(grant.key()).key();
    }
}
