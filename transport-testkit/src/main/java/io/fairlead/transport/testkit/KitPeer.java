package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The child process of {@link ChildJvm}. Arguments: the provider's class, where to listen, the configuration. One command
 * a line on the standard input, one answer a line: {@code ok …} or {@code error …}. Ends with its input, so that it
 * never outlives its parent.
 */
public final class KitPeer {
    private KitPeer() {}

    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        TransportProvider provider = Class.forName(arguments[0])
                .asSubclass(TransportProvider.class)
                .getDeclaredConstructor()
                .newInstance();
        TransportConfig config = RecordText.config(List.of(arguments).subList(2, arguments.length));
        Transport transport = provider.start(config, TransportContext.plain().because("a peer of the contract kit"));
        try (PeerSession session = new PeerSession(transport, Endpoint.parse(arguments[1]));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ok " + session.endpoint());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(session, line));
            }
        }
        System.exit(0);
    }

    private static String answer(PeerSession session, String line) {
        try {
            return "ok " + session.execute(line);
        } catch (RuntimeException | AssertionError e) {
            return "error " + String.valueOf(e).replace('\n', ' ');
        }
    }
}
