package io.fairlead.store.console;

import io.fairlead.store.Bytes;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * How far long work is: one line that is redrawn on a terminal, a line every few seconds elsewhere. Thread-safe.
 */
public final class Progress implements LongConsumer, AutoCloseable {
    private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE_NS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final String what;
    private final long totalBytes;
    private final boolean terminal;
    private final long startNs = System.nanoTime();

    // Guarded by this.
    private long doneBytes;
    private long shownNs = startNs;
    private int shownWidth;

    /** @param totalBytes 0 or less if nobody knows */
    public Progress(PrintStream out, String what, long totalBytes) {
        this(out, what, totalBytes, System.console() != null && System.console().isTerminal());
    }

    Progress(PrintStream out, String what, long totalBytes, boolean terminal) {
        this.out = out;
        this.what = what;
        this.totalBytes = totalBytes;
        this.terminal = terminal;
    }

    @Override
    public synchronized void accept(long bytes) {
        doneBytes += bytes;
        long nowNs = System.nanoTime();
        if (nowNs - shownNs >= (terminal ? REDRAW_NS : LINE_NS)) {
            shownNs = nowNs;
            show(line(nowNs - startNs));
        }
    }

    /** Prints a line of its own, between two states of the progress. */
    public synchronized void say(String line) {
        wipe();
        out.println(line);
    }

    public synchronized long doneBytes() {
        return doneBytes;
    }

    private String line(long elapsedNs) {
        double seconds = Math.max(1e-3, elapsedNs / 1e9);
        double rate = doneBytes / seconds;
        String line = String.format(Locale.ROOT, "%s  %s", what, Bytes.text(doneBytes));
        if (totalBytes > 0) {
            double left = rate > 0 ? (totalBytes - doneBytes) / rate : Double.NaN;
            line += String.format(Locale.ROOT, " of %s  %d %%", Bytes.text(totalBytes), doneBytes * 100 / totalBytes);
            line += String.format(Locale.ROOT, "  %s/s  ETA %.0f s", Bytes.text(rate), left);
        } else {
            line += String.format(Locale.ROOT, "  %s/s", Bytes.text(rate));
        }
        return line;
    }

    private void show(String line) {
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
            out.flush();
            shownWidth = line.length();
        } else {
            out.println(line);
        }
    }

    private void wipe() {
        if (terminal && shownWidth > 0) {
            out.print("\r" + " ".repeat(shownWidth) + "\r");
            shownWidth = 0;
        }
    }

    /** Takes the redrawn line away. */
    @Override
    public synchronized void close() {
        wipe();
        out.flush();
    }
}
