package io.fairlead.transport.rdma.verbs;

import java.lang.foreign.Arena;

/** Prints what the probe says, or with an argument what registering that many bytes says. */
final class ProbeProgram {
    private ProbeProgram() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.out.println(Rdma.probe());
            return;
        }
        try (Loopback loopback = Loopback.connected();
                MemoryRegistration registration = loopback.client()
                        .domain
                        .register(Arena.ofAuto().allocate(Long.parseLong(args[0]), 4096), Access.LOCAL_WRITE)) {
            System.out.println("registered " + registration.memory().byteSize());
        } catch (VerbsException e) {
            System.out.println(e.getMessage());
        }
    }
}
