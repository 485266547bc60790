package io.fairlead.it.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Namespaces of ours, named {@code fairlead-PID-START-COUNT-END}: the process that owns them and when it started, so that
 * a later process with the same number is not taken for the owner.
 */
final class Namespaces {
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final Pattern OURS = Pattern.compile("fairlead-([0-9]+)-([0-9a-z]+)-[0-9a-z]+-[ab]");
    private static final int RADIX = 36;
    /** Where {@code /proc/PID/stat} tells the start, counted from the field behind the name. */
    private static final int START_AFTER_NAME = 19;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Namespaces() {}

    /** A part of a name that no other network of this machine has: for namespaces, of two ends each. */
    static String unique() throws IOException {
        long pid = ProcessHandle.current().pid();
        return "fairlead-" + pid + "-" + start(pid) + "-" + Integer.toString(COUNT.getAndIncrement(), RADIX);
    }

    /** A name for a device, of which the kernel allows 15 characters. */
    static String device(String unique, char end) {
        String count = unique.substring(unique.lastIndexOf('-') + 1);
        return "fl" + Long.toString(ProcessHandle.current().pid(), RADIX) + "-" + count + end;
    }

    static Path path(String name) {
        return DIRECTORY.resolve(name);
    }

    /** Deletes the namespaces whose owner is gone, and ends what still runs in them. */
    static List<String> sweep() throws IOException {
        List<String> swept = new ArrayList<>();
        if (!Files.isDirectory(DIRECTORY)) {
            return swept;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DIRECTORY, "fairlead-*")) {
            for (Path path : all) {
                String name = path.getFileName().toString();
                Matcher matcher = OURS.matcher(name);
                if (matcher.matches() && !isOwned(Long.parseLong(matcher.group(1)), matcher.group(2))) {
                    delete(name);
                    swept.add(name);
                }
            }
        }
        return swept;
    }

    private static boolean isOwned(long pid, String start) {
        try {
            return start(pid).equals(start);
        } catch (IOException e) {
            return false; // there is no such process
        }
    }

    /** When the process started, in ticks since boot; unlike its time of day, no setting of the clock changes it. */
    private static String start(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.toString(Long.parseLong(afterName[START_AFTER_NAME]), RADIX);
    }

    /** Deletes the namespace and ends the processes in it; does nothing if another was quicker. */
    static void delete(String name) throws IOException {
        if (!Files.exists(path(name))) {
            return;
        }
        try {
            for (String pid : Ip.run("netns", "pids", name).lines().toList()) {
                ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
            }
            Ip.run("netns", "delete", name);
        } catch (IOException e) {
            if (Files.exists(path(name))) {
                throw e;
            }
        }
    }
}
