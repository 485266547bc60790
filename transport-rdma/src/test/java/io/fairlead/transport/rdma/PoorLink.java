package io.fairlead.transport.rdma;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** While the tests of a class run, the link between the guests delays each packet by 5 ms and loses 1 %, each way. */
final class PoorLink implements BeforeAllCallback, AfterAllCallback {
    private static final String CONDITIONS = "delay 5ms loss 1%";

    @Override
    public void beforeAll(ExtensionContext context) {
        poor();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        OtherGuest.link("");
    }

    static void poor() {
        OtherGuest.link(CONDITIONS);
    }

    /** Nothing passes any more, either way. */
    static void dead() {
        OtherGuest.link("loss 100%");
    }

    /** Nothing leaves this guest for a second, neither requests nor acknowledgements; returns when that is over. */
    static void pause() {
        OtherGuest.runHere("bash", "-c", OtherGuest.netem("loss 100%") + "; sleep 1; " + OtherGuest.netem(CONDITIONS));
    }
}
