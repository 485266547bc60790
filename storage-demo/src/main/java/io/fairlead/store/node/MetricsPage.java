package io.fairlead.store.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.transport.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /metrics} in Prometheus' text format and {@code /healthz}. Asks nobody who they are: keep it on loopback. */
final class MetricsPage implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService workers;
    private final PrometheusMeterRegistry registry;
    private final Supplier<String> sickness;

    /** @param sickness empty while the node is well, else what is wrong */
    MetricsPage(Endpoint address, PrometheusMeterRegistry registry, Supplier<String> sickness) {
        this.registry = registry;
        this.sickness = sickness;
        try {
            server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), 16);
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot serve metrics at " + address + ": " + e.getMessage(), e);
        }
        workers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(workers);
        server.createContext("/", exchange -> answer(exchange, 404, "there are /metrics and /healthz\n"));
        server.createContext("/metrics", exchange -> answer(exchange, 200, this.registry.scrape()));
        server.createContext("/healthz", this::health);
        server.start();
    }

    private void health(HttpExchange exchange) throws IOException {
        String what = sickness.get();
        answer(exchange, what.isEmpty() ? 200 : 503, what.isEmpty() ? "ok\n" : what + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    Endpoint endpoint() {
        return Endpoint.of(server.getAddress());
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
