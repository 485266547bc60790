package io.fairlead.transport.kcp;

import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.fairlead.transport.kcp.protocol.KcpPresets;
import io.fairlead.transport.kcp.protocol.SendQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What only KCP knows.
 *
 * @param loops event loops, each a thread that owns its connections; a listener belongs to one of them
 * @param dialect what surrounds KCP; both sides must have the same
 * @param socketBufferBytes SO_SNDBUF and SO_RCVBUF. What the peer's window lets come at once must fit, or is lost; the kernel gives no
 *     more than {@code net.core.rmem_max}
 * @param batches send and take trains of datagrams by one system call (UDP GSO and GRO), where the kernel can
 * @param epoll Netty's native transport where it loads, else {@code java.nio}
 * @param protocol the engine: preset, windows, MTU
 */
record KcpSettings(
        int loops, Dialect dialect, int socketBufferBytes, boolean batches, boolean epoll, KcpConfig protocol) {
    private static final String PREFIX = "kcp.";
    private static final Map<String, KcpConfig> PRESETS = Map.of(
            "native", KcpPresets.NATIVE,
            "small", KcpPresets.SMALL,
            "bulk", KcpPresets.BULK,
            "normal", KcpPresets.NORMAL,
            "turbo", KcpPresets.TURBO,
            "kcptun-normal", KcpPresets.KCPTUN_NORMAL,
            "kcptun-fast", KcpPresets.KCPTUN_FAST,
            "kcptun-fast2", KcpPresets.KCPTUN_FAST2,
            "kcptun-fast3", KcpPresets.KCPTUN_FAST3);

    /**
     * Reads {@code kcp.loops}, {@code kcp.dialect} (native, ikcp, kcp-go), {@code kcp.preset}, {@code kcp.sendWindow} and {@code
     * kcp.receiveWindow} (segments), {@code kcp.mtu} (bytes), {@code kcp.socketBufferBytes}, {@code kcp.batches} and {@code
     * kcp.epoll}; what is missing has its default.
     *
     * @throws IllegalArgumentException on unknown keys and unreadable values, all of them named
     */
    static KcpSettings from(Map<String, String> settings) {
        return new Reading(settings).settings();
    }

    /** One reading: values are taken out, faults gathered, and what is left is unknown. */
    private static final class Reading {
        private static final String KNOWN =
                "loops, dialect, preset, sendWindow, receiveWindow, mtu, socketBufferBytes, batches, epoll";

        private final Map<String, String> left = new TreeMap<>();
        private final List<String> faults = new ArrayList<>();

        Reading(Map<String, String> settings) {
            settings.forEach((key, value) -> {
                if (key.startsWith(PREFIX)) {
                    left.put(key.substring(PREFIX.length()), value.strip());
                }
            });
        }

        KcpSettings settings() {
            int loops = integer("loops", 1, 1, 256);
            Dialect dialect = dialect();
            KcpConfig preset = preset();
            int sendWindow = integer("sendWindow", preset.windows().sendSegments(), 1, 65_535);
            int receiveWindow = integer("receiveWindow", preset.windows().receiveSegments(), 1, 65_535);
            int mtu = integer("mtu", preset.segments().mtuBytes(), 470, 1472);
            int socketBuffer = integer("socketBufferBytes", 4 << 20, 65_536, 1 << 30);
            boolean batches = bool("batches");
            boolean epoll = bool("epoll");
            left.keySet().forEach(key -> faults.add("unknown setting kcp." + key + ", known: " + KNOWN));
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException("kcp: " + String.join("; ", faults));
            }
            KcpConfig protocol = preset.with(preset.windows().withSegments(sendWindow, receiveWindow))
                    .with(preset.segments().withMtu(mtu).withStream(true))
                    .with(queue(sendWindow));
            return new KcpSettings(loops, dialect, socketBuffer, batches, epoll, protocol);
        }

        /** As much again waits as is under way, so that an acknowledgement finds something to send. */
        private static SendQueue queue(int sendWindow) {
            return new SendQueue(
                    2 * sendWindow,
                    sendWindow + sendWindow / 2,
                    SendQueue.WhenFull.BLOCK,
                    SendQueue.DEFAULT.stalledAfter());
        }

        private Dialect dialect() {
            try {
                return Dialect.ofName(text("dialect", "native"));
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
                return Dialect.NATIVE;
            }
        }

        private KcpConfig preset() {
            String name = text("preset", "native");
            KcpConfig preset = PRESETS.get(name);
            if (preset == null) {
                faults.add("preset is '" + name + "', known: "
                        + String.join(", ", PRESETS.keySet().stream().sorted().toList()));
                return KcpPresets.NATIVE;
            }
            return preset;
        }

        private String text(String key, String otherwise) {
            String text = left.remove(key);
            return text == null ? otherwise : text;
        }

        private int integer(String key, int otherwise, int least, int most) {
            String text = left.remove(key);
            if (text == null) {
                return otherwise;
            }
            try {
                int value = Integer.parseInt(text);
                if (value < least || value > most) {
                    faults.add(key + " is " + value + ", allowed " + least + ".." + most);
                }
                return value;
            } catch (NumberFormatException e) {
                faults.add(key + " is '" + text + "', wanted a whole number");
                return otherwise;
            }
        }

        private boolean bool(String key) {
            String text = text(key, "true").toLowerCase(Locale.ROOT);
            if (!text.equals("true") && !text.equals("false")) {
                faults.add(key + " is true or false, not '" + text + "'");
            }
            return text.equals("true");
        }
    }
}
