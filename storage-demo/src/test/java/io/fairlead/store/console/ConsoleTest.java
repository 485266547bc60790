package io.fairlead.store.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void jsonIsValidWhateverIsInIt() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a\"\\\n", List.of(1, 2.5, true, Double.NaN));
        map.put("nothing", Arrays.asList((Object) null));
        map.put("none", Map.of());
        map.put("smile", "\uD83D\uDE00");
        assertThat(Json.text(map))
                .isEqualTo("{\"a\\\"\\\\\\u000a\":[1,2.5,true,null],\"nothing\":[null],\"none\":{},"
                        + "\"smile\":\"\\ud83d\\ude00\"}");
    }

    @Test
    void aTableLinesUp() {
        new Table("> ", "name", "size").row("a", "10 B").row("longer", "5 B").print(out);
        assertThat(printed()).isEqualTo("> name    size\n> a       10 B\n> longer   5 B\n");
    }

    @Test
    void awayFromATerminalShortWorkPrintsNoProgress() {
        try (Progress progress = new Progress(out, "storing", 100, false)) {
            progress.accept(60);
            progress.say("hello");
            progress.accept(40);
            assertThat(progress.doneBytes()).isEqualTo(100);
        }
        assertThat(printed()).isEqualTo("hello\n");
    }
}
