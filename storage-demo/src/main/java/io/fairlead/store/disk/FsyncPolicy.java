package io.fairlead.store.disk;

import java.time.Duration;

/**
 * When written files are forced to stable storage. A process killed with -9 loses nothing acknowledged under any of
 * them, since the kernel has the bytes; they differ in what a power failure takes.
 *
 * @param mode which of the three
 * @param within for {@link Mode#GROUP}: how long a file may wait for its sync to begin
 * @param bytes for {@link Mode#GROUP}: how many bytes may wait; a writer that would exceed them waits instead
 */
public record FsyncPolicy(Mode mode, Duration within, long bytes) {
    /** What a power failure may take. */
    public enum Mode {
        /** Nothing that was acknowledged: file and directory are forced before the answer. */
        ALWAYS,
        /** Up to {@code within} and {@code bytes} of what was acknowledged last, plus what a running sync has not finished. */
        GROUP,
        /** Whatever the kernel had not written by itself, usually the last 30 seconds. */
        NONE
    }

    public static final FsyncPolicy ALWAYS = new FsyncPolicy(Mode.ALWAYS, Duration.ZERO, 0);
    public static final FsyncPolicy NONE = new FsyncPolicy(Mode.NONE, Duration.ZERO, 0);

    public FsyncPolicy {
        if (mode == Mode.GROUP && (!within.isPositive() || bytes < 1)) {
            throw new IllegalArgumentException(
                    "fsync in groups needs a time and a size over 0, not " + within + " and " + bytes + " B");
        }
    }

    public static FsyncPolicy group(Duration within, long bytes) {
        return new FsyncPolicy(Mode.GROUP, within, bytes);
    }
}
