package io.fairlead.store.demo;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a node's page of metrics says. */
record NodeMetrics(String text) {
    static NodeMetrics scrape(HttpClient http, String base) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new StoreException(StoreError.UNREACHABLE, base + " answered " + response.statusCode());
            }
            return new NodeMetrics(response.body());
        } catch (IOException e) {
            throw new StoreException(StoreError.UNREACHABLE, "cannot scrape " + base + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.TIMED_OUT, "scraping " + base + " was interrupted", e);
        }
    }

    /** The sum of all samples of a metric that have all these labels, written as {@code op="write"}. */
    long sum(String name, String... labels) {
        double sum = 0;
        for (String line : text.split("\n")) {
            if (line.startsWith(name + "{") && hasAll(line, labels)) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return Math.round(sum);
    }

    private static boolean hasAll(String line, String[] labels) {
        for (String label : labels) {
            if (!line.contains("{" + label) && !line.contains("," + label)) {
                return false;
            }
        }
        return true;
    }
}
