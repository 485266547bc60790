package io.fairlead.benchmarks.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EchoReportTest {
    private static final Weather WEATHER = Weather.named("5");

    /** Latencies of 1 to 100 ms. */
    private static EchoSample sample(String peer, long wireBytes) {
        return new EchoSample(
                WEATHER.name(),
                peer,
                3,
                1000,
                12,
                new EchoSample.WireCount(wireBytes, 1, 2, 3, 4, 5),
                IntStream.rangeClosed(1, 100).map(ms -> ms * 1000).toArray());
    }

    @Test
    void samplesAreReadAsTheyWereWritten() {
        EchoSample written = sample(Peers.OURS, 1234);

        EchoSample read = EchoSample.parse(written.raw());

        assertThat(read.print()).isEqualTo(written.print());
        assertThat(read.latenciesUs()).isEqualTo(written.latenciesUs());
    }

    @Test
    void percentilesAreLatenciesThatWereSeen() {
        EchoSample sample = sample(Peers.OURS, 1234);

        assertThat(sample.percentileMs(50)).isEqualTo(50);
        assertThat(sample.percentileMs(99)).isEqualTo(99);
        assertThat(sample.percentileMs(100)).isEqualTo(100);
        assertThat(sample.meanMs()).isEqualTo(50.5);
    }

    @Test
    void tellsWhatHoldsAndWhatDoesNot(@TempDir Path directory) throws Exception {
        new EchoData(
                        WEATHER,
                        List.of("a fact"),
                        List.of("kcp-go 4 it broke"),
                        List.of(sample(Peers.OURS, 1200), sample(Peers.TCP, 1000), sample("kcp-go", 1190)))
                .write(directory);

        EchoReport.write(directory);

        assertThat(Files.readString(directory.resolve("kcp-echo.md")))
                .contains("| 5 % loss | wire bytes / payload byte | 1.200 | tcp-cubic | 1.000 | 1.20 | 1.20 | yes |")
                .contains("| 5 % loss | mean ms | 50.5 | tcp-cubic | 50.5 | 1.00 | 0.65 | **no** |")
                .contains("FAILED: kcp-go 4 it broke")
                .contains("**Void**")
                .contains("a fact");
    }

    @Test
    void thePictureIsWellFormed(@TempDir Path directory) throws Exception {
        EchoData data = new EchoData(WEATHER, List.of(), List.of(), List.of(sample(Peers.OURS, 1200)));

        byte[] picture = LatencyPlot.of(data).getBytes(StandardCharsets.UTF_8);

        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(picture))
                        .getElementsByTagName("polyline")
                        .getLength())
                .isEqualTo(1);
    }
}
