package io.fairlead.it.network;

import java.util.Locale;

/** How TCP of the kernel controls its rate inside the network; set by route, so nothing machine-wide changes. */
public enum CongestionControl {
    /** Whatever the kernel's default is. */
    SYSTEM,
    RENO,
    CUBIC,
    BBR;

    /** What follows {@code ip route replace ROUTE}. */
    String routeOption() {
        return this == SYSTEM ? "" : " congctl " + name().toLowerCase(Locale.ROOT);
    }
}
