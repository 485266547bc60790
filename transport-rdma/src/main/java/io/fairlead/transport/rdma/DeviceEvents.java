package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.AsyncEvent;
import io.fairlead.transport.rdma.verbs.AsyncEventType;
import io.fairlead.transport.rdma.verbs.Device;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells the transports on a device what that reports outside of completion queues, and logs it. A process opens a device once, and the
 * device tells an event once: so all transports of the process on it share one thread, which ends with the last of them. Thread-safe.
 */
final class DeviceEvents {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceEvents.class);
    private static final int LONGEST_WAIT_MS = 3_600_000;
    private static final long JOIN_MS = 2000;

    /** Devices that somebody watches. Guarded by the class. */
    private static final Map<Device, DeviceEvents> WATCHED = new HashMap<>();

    /** One who uses a device. Called on the thread of its events: must not block. */
    interface User {
        /** A queue pair or a completion queue is in error, perhaps one of this user's. */
        void failed(AsyncEvent event);

        /** All ports of the device have been down for as long as this user said it would wait. */
        void portsDown(Duration since);

        /** Nothing will work on the device again. */
        void lost(String why);
    }

    private final Device device;
    private final DeviceFiles files;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ending;

    // For the thread only.
    private @Nullable AsyncEvent lastFailure;

    private boolean portsDown;
    private long portsDownSinceNs;

    private DeviceEvents(Device device) {
        this.device = device;
        files = DeviceFiles.of(device.name());
        thread = Thread.ofPlatform()
                .daemon()
                .name("fairlead-rdma-events-" + device.name())
                .unstarted(this::run);
    }

    /**
     * Begins to tell {@code user}.
     *
     * @param patience how long all ports may be down before the user hears of it: links come back
     */
    static synchronized Watch watch(Device device, Duration patience, User user) {
        DeviceEvents events = WATCHED.get(device);
        if (events == null) {
            events = new DeviceEvents(device);
            WATCHED.put(device, events);
            events.thread.start();
        }
        Watch watch = new Watch(events, patience, user);
        events.watches.add(watch);
        return watch;
    }

    /** What one user is told; until it is closed. */
    static final class Watch implements AutoCloseable {
        private final DeviceEvents events;
        private final Duration patience;
        private final User user;
        private boolean toldOfPorts;

        private Watch(DeviceEvents events, Duration patience, User user) {
            this.events = events;
            this.patience = patience;
            this.user = user;
        }

        /** The last one waits for the thread to end. Does nothing the second time. */
        @Override
        public void close() {
            events.forget(this);
        }
    }

    private void forget(Watch watch) {
        // Whoever comes next for this device shall not meet a thread that is on its way out: they would share its
        // events.
        synchronized (DeviceEvents.class) {
            if (!watches.remove(watch) || !watches.isEmpty()) {
                return;
            }
            WATCHED.remove(device);
            ending = true;
            try {
                device.wake();
                if (thread != Thread.currentThread()) {
                    thread.join(JOIN_MS);
                }
            } catch (VerbsException e) {
                LOG.warn("rdma: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!ending) {
            try {
                AsyncEvent event = device.nextAsyncEvent(waitMs());
                if (event != null) {
                    take(event);
                }
                judgePorts();
            } catch (VerbsException e) {
                LOG.error("device {} tells nothing any more", device, e);
                tell(watch -> watch.user.lost("it tells nothing any more: " + e.getMessage()));
                return;
            }
        }
    }

    private void take(AsyncEvent event) {
        switch (event.type()) {
            case CQ_ERROR, QP_FATAL, QP_REQUEST_ERROR, QP_ACCESS_ERROR -> failed(event);
            case DEVICE_FATAL -> {
                LOG.error("device {}: {}", device, event.type());
                tell(watch -> watch.user.lost("it reports a fatal error"));
            }
            case PORT_ERROR -> {
                LOG.warn("device {}: {}, a port is down", device, event.type());
                portEvent();
            }
            case PORT_ACTIVE -> {
                LOG.info("device {}: {}, a port is up", device, event.type());
                portEvent();
            }
            case LID_CHANGE, PKEY_CHANGE, SM_CHANGE, GID_CHANGE, CLIENT_REREGISTER ->
                LOG.info("device {}: {}", device, event.type());
            default -> LOG.debug("device {}: {}", device, event.type());
        }
    }

    private void failed(AsyncEvent event) {
        if (event.equals(lastFailure)) {
            return; // Soft-RoCE tells of each completion that is lost
        }
        lastFailure = event;
        boolean ownFault = event.type() == AsyncEventType.CQ_ERROR || event.type() == AsyncEventType.QP_FATAL;
        LOG.atLevel(ownFault ? Level.ERROR : Level.INFO).log("device {}: {}", device, event.type());
        tell(watch -> watch.user.failed(event));
    }

    private void portEvent() {
        boolean down = !files.hasActivePort();
        if (down && !portsDown) {
            portsDownSinceNs = System.nanoTime();
            watches.forEach(watch -> watch.toldOfPorts = false);
        }
        portsDown = down;
    }

    /** Ports that came back without a word count as back. */
    private void judgePorts() {
        if (!portsDown) {
            return;
        }
        Duration since = Duration.ofNanos(System.nanoTime() - portsDownSinceNs);
        tell(watch -> {
            if (!watch.toldOfPorts && since.compareTo(watch.patience) >= 0) {
                watch.toldOfPorts = true;
                if (!files.hasActivePort()) {
                    watch.user.portsDown(since);
                }
            }
        });
    }

    private int waitMs() {
        long wait = LONGEST_WAIT_MS;
        if (portsDown) {
            long passedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - portsDownSinceNs);
            for (Watch watch : watches) {
                if (!watch.toldOfPorts) {
                    wait = Math.min(wait, watch.patience.toMillis() - passedMs + 1);
                }
            }
        }
        return (int) Math.max(0, wait);
    }

    private interface Word {
        void to(Watch watch);
    }

    private void tell(Word word) {
        for (Watch watch : watches) {
            try {
                word.to(watch);
            } catch (RuntimeException | Error e) {
                LOG.error("an event of device {} could not be told", device, e);
            }
        }
    }
}
