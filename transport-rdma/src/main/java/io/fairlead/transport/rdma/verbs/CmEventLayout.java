package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * How the native side hands over an event, {@code struct cm_event_record} in {@code natives.c}.
 *
 * <pre>
 * type@0 status@4 listener@8 id@16 private_data_len@24 responder_resources@28 initiator_depth@32 private_data@36 (256)
 * </pre>
 */
final class CmEventLayout {
    static final int BYTES = 296;

    private static final int PRIVATE_DATA = 36;

    private CmEventLayout() {}

    static int type(MemorySegment event) {
        return event.get(JAVA_INT, 0);
    }

    static int status(MemorySegment event) {
        return event.get(JAVA_INT, 4);
    }

    static long listener(MemorySegment event) {
        return event.get(JAVA_LONG, 8);
    }

    static long id(MemorySegment event) {
        return event.get(JAVA_LONG, 16);
    }

    static int responderResources(MemorySegment event) {
        return event.get(JAVA_INT, 28);
    }

    static int initiatorDepth(MemorySegment event) {
        return event.get(JAVA_INT, 32);
    }

    static byte[] privateData(MemorySegment event) {
        return event.asSlice(PRIVATE_DATA, event.get(JAVA_INT, 24)).toArray(JAVA_BYTE);
    }
}
