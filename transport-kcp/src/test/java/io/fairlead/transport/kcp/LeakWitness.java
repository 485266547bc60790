package io.fairlead.transport.kcp;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty tells it of every buffer that was collected without having been released; the module's tests run with it. */
public final class LeakWitness<T> extends ResourceLeakDetector<T> {
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    public LeakWitness(Class<?> resource, int samplingInterval) {
        super(resource, samplingInterval);
    }

    static List<String> leaks() {
        return List.copyOf(LEAKS);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType);
    }

    @Override
    protected boolean needReport() {
        return true;
    }
}
