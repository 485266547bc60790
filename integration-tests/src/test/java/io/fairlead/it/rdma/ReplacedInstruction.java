package io.fairlead.it.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls a function on one thread while another replaces its first instruction by a jump and back, each time by one store of eight bytes, as
 * HotSpot 25 does when it gives up compiled code. Prints how often. In x86-64's machine code, for Linux.
 */
final class ReplacedInstruction {
    private static final int READ_WRITE_EXECUTE = 7;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final long CALLS = 100_000;
    private static final int REPLACEMENTS = 20_000;
    private static final VarHandle EIGHT_BYTES = ValueLayout.JAVA_LONG.varHandle();

    private static final int STUB = 1024;
    private static final int LOOP = 4096;
    /** mov [rsp-0x14000], eax; mov eax, 7; ret. */
    private static final String FUNCTION = "89842400c0feff b807000000 c3";
    /** jmp STUB, and what is left of the first instruction. */
    private static final String JUMP = "e9fb030000 feff b8";

    /** push rbx; mov rbx, rdi; again: call FUNCTION; dec rbx; jnz again; pop rbx; ret. */
    private static final String CALLER = "53 4889fb e8f7efffff 48ffcb 75f6 5b c3";

    private ReplacedInstruction() {}

    public static void main(String[] arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor mmap = FunctionDescriptor.of(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG);
        MemorySegment code = ((MemorySegment)
                        linker.downcallHandle(linker.defaultLookup().findOrThrow("mmap"), mmap)
                                .invokeExact(MemorySegment.NULL, 8192L, READ_WRITE_EXECUTE, PRIVATE_ANONYMOUS, -1, 0L))
                .reinterpret(8192);
        put(code, 0, FUNCTION);
        put(code, STUB, "b807000000 c3");
        put(code, LOOP, CALLER);
        MethodHandle calls = linker.downcallHandle(
                code.asSlice(LOOP), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

        Thread replacer = Thread.ofPlatform().daemon().start(() -> replaceFirstInstruction(code));
        long called = 0;
        while (replacer.isAlive()) {
            if ((int) calls.invokeExact(CALLS) != 7) {
                throw new AssertionError("the function returned something else than 7");
            }
            called += CALLS;
        }
        System.out.println("called " + called + " times");
    }

    private static void replaceFirstInstruction(MemorySegment code) {
        long function = code.get(ValueLayout.JAVA_LONG, 0);
        long jump;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            put(bytes, 0, JUMP);
            jump = bytes.get(ValueLayout.JAVA_LONG, 0);
        }
        for (int i = 0; i < REPLACEMENTS; i += 2) {
            EIGHT_BYTES.setVolatile(code, 0L, jump);
            LockSupport.parkNanos(50_000);
            EIGHT_BYTES.setVolatile(code, 0L, function);
            LockSupport.parkNanos(50_000);
        }
    }

    private static void put(MemorySegment code, long at, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        MemorySegment.copy(bytes, 0, code, ValueLayout.JAVA_BYTE, at, bytes.length);
    }
}
