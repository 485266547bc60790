package io.fairlead.transport.testkit;

import io.fairlead.transport.Completion;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Message;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a known number of operations ended, by context 0, 1, 2…, each used for one operation. It counts every callback, so that a lost one
 * and a double one both show; the environment checks that after every promise. Thread-safe.
 */
public final class CompletionLog implements Completion {
    /** One callback operation, ready but for its completion. */
    @FunctionalInterface
    public interface Submission {
        long submit(Completion completion, long context);
    }

    /** One request, ready but for its handler. */
    @FunctionalInterface
    public interface RequestSubmission {
        long submit(ReplyHandler handler, long context);
    }

    private final AtomicIntegerArray accepted;
    private final AtomicIntegerArray ended;
    private final AtomicIntegerArray released;
    private final AtomicLongArray values;
    private final AtomicLongArray endedAtNs;
    private final AtomicReferenceArray<@Nullable TransportException> failures;
    private final AtomicInteger endedCount = new AtomicInteger();
    private final AtomicInteger acceptedCount = new AtomicInteger();
    private final AtomicInteger earlyReleases = new AtomicInteger();
    private volatile LongConsumer onSuccess = context -> {};
    private volatile @Nullable Throwable callbackFault;

    public CompletionLog(int operations) {
        accepted = new AtomicIntegerArray(operations);
        ended = new AtomicIntegerArray(operations);
        released = new AtomicIntegerArray(operations);
        values = new AtomicLongArray(operations);
        endedAtNs = new AtomicLongArray(operations);
        failures = new AtomicReferenceArray<>(operations);
    }

    /** Runs inside each successful completion, on its thread; an {@link AssertionError} there fails {@link #verify}. */
    public CompletionLog onSuccess(LongConsumer check) {
        onSuccess = check;
        return this;
    }

    /** Submits operation {@code context}. @return what the {@code try…} form answered */
    public long submit(int context, Submission submission) {
        return noted(context, submission.submit(this, context));
    }

    public long submitRequest(int context, RequestSubmission submission) {
        return noted(context, submission.submit(new Replies(), context));
    }

    private long noted(int context, long answer) {
        if (answer >= 0) {
            accepted.set(context, 1);
            acceptedCount.incrementAndGet();
        }
        return answer;
    }

    /** Submits again while the answer is {@link ErrorCode#BACK_PRESSURED}. Any other refusal is an {@link AssertionError}. */
    public long submitPatiently(int context, Duration bound, Submission submission) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        int tries = 0;
        while (true) {
            long answer = submit(context, submission);
            if (answer >= 0) {
                return answer;
            }
            ErrorCode code = ErrorCode.ofRefusal(answer);
            if (code != ErrorCode.BACK_PRESSURED) {
                throw new AssertionError("operation " + context + " was refused: " + code);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("operation " + context + " found no room within " + bound);
            }
            if (++tries < 100) {
                Thread.onSpinWait();
            } else {
                Await.pause();
            }
        }
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        int index = (int) context;
        if (failure == null && released.get(index) > 0) {
            earlyReleases.incrementAndGet();
        }
        end(index, failure, value);
    }

    private void end(int index, @Nullable TransportException failure, long value) {
        if (failure == null) {
            try {
                onSuccess.accept(index);
            } catch (Throwable t) { // must not reach the provider's loop; verify() tells it
                callbackFault = t;
            }
        }
        values.set(index, value);
        failures.set(index, failure);
        endedAtNs.set(index, System.nanoTime());
        if (ended.incrementAndGet(index) == 1) {
            endedCount.incrementAndGet();
        }
    }

    @Override
    public void released(long context) {
        released.incrementAndGet((int) context);
    }

    private final class Replies implements ReplyHandler {
        @Override
        public void replied(long context, @Nullable Message reply, @Nullable TransportException failure) {
            if ((reply == null) == (failure == null)) {
                callbackFault = new AssertionError(
                        "a reply needs either a message or a failure, not " + reply + ", " + failure);
            }
            // A request's buffer may be free long before its reply, so that is no early release.
            end((int) context, failure, reply == null ? 0 : reply.length());
        }

        @Override
        public void released(long context) {
            CompletionLog.this.released(context);
        }
    }

    public int accepted() {
        return acceptedCount.get();
    }

    public int ended() {
        return endedCount.get();
    }

    public boolean hasEnded(int context) {
        return ended.get(context) > 0;
    }

    public boolean isReleased(int context) {
        return released.get(context) > 0;
    }

    public boolean wasAccepted(int context) {
        return accepted.get(context) > 0;
    }

    public @Nullable TransportException failure(int context) {
        return failures.get(context);
    }

    public boolean succeeded(int context) {
        return hasEnded(context) && failures.get(context) == null;
    }

    public long value(int context) {
        return values.get(context);
    }

    public long endedAtNs(int context) {
        return endedAtNs.get(context);
    }

    /** Waits until every accepted operation has ended. */
    public void awaitEnds(Duration bound) {
        Await.until("all " + accepted() + " operations ended", bound, () -> endedCount.get() >= acceptedCount.get());
    }

    /** As {@link #awaitEnds}, and all ended well. */
    public void awaitSuccess(Duration bound) {
        awaitEnds(bound);
        for (int i = 0; i < accepted.length(); i++) {
            TransportException failure = failures.get(i);
            if (failure != null) {
                throw new AssertionError("operation " + i + " failed", failure);
            }
        }
        rethrowCallbackFault();
    }

    /** What went wrong with the counting: each accepted operation ends once and is released once, a refused one never. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < accepted.length() && faults.size() < 5; i++) {
            if (ended.get(i) != accepted.get(i)) {
                faults.add("operation " + i + " accepted " + accepted.get(i) + " times, completed " + ended.get(i)
                        + " times");
            }
            if (released.get(i) != accepted.get(i)) {
                faults.add("operation " + i + " accepted " + accepted.get(i) + " times, released " + released.get(i)
                        + " times");
            }
        }
        return faults;
    }

    /** Waits until the counting is right; fails with {@link #faults()} if it never is. */
    public void verify(Duration bound) {
        rethrowCallbackFault();
        long deadlineNs = System.nanoTime() + bound.toNanos();
        List<String> faults = faults();
        while (!faults.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            Await.pause();
            faults = faults();
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("completions: " + String.join("; ", faults));
        }
        if (earlyReleases.get() > 0) {
            throw new AssertionError(earlyReleases.get() + " buffers were released before their operation succeeded");
        }
    }

    private void rethrowCallbackFault() {
        Throwable fault = callbackFault;
        if (fault != null) {
            throw new AssertionError("inside a completion: " + fault.getMessage(), fault);
        }
    }
}
