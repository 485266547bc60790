package io.fairlead.transport.core;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a hostile peer does to one engine, and what else happens there meanwhile: the same each time it is run. As text,
 * one step a line:
 * <pre>
 * attack server inline      or client, or executor
 * give 0a0b 5a*300 1122     bytes that arrive in one piece; {@code aa*n} is one byte n times
 * do write 20000            what the attacked side does, see {@link HostileRun}
 * </pre>
 * The bytes {@link #TOKEN_0} and {@link #TOKEN_1} stand for the tokens of the attacked side's grants.
 */
record HostileCase(boolean server, boolean inline, List<Step> steps) {
    /** A peer that was given grants 0 and 1 knows their tokens; a kept case cannot, since they are random. */
    static final long TOKEN_0 = 0x30_2d_54_4e_41_52_47_01L;

    static final long TOKEN_1 = 0x31_2d_54_4e_41_52_47_01L;

    sealed interface Step {}

    record Give(byte[] bytes) implements Step {}

    record Do(String what, long number) implements Step {}

    String text() {
        StringBuilder text = new StringBuilder("attack ")
                .append(server ? "server" : "client")
                .append(inline ? " inline" : " executor");
        for (Step step : steps) {
            switch (step) {
                case Give give -> text.append("\ngive").append(hex(give.bytes()));
                case Do now ->
                    text.append("\ndo ").append(now.what()).append(' ').append(now.number());
            }
        }
        return text.append('\n').toString();
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        boolean plain = false;
        for (int at = 0; at < bytes.length; ) {
            int end = at + 1;
            while (end < bytes.length && bytes[end] == bytes[at]) {
                end++;
            }
            String one = HexFormat.of().toHexDigits(bytes[at]);
            if (end - at > 8) {
                text.append(' ').append(one).append('*').append(end - at);
                plain = false;
            } else {
                text.append(plain ? "" : " ").append(one.repeat(end - at));
                plain = true;
            }
            at = end;
        }
        return text.toString();
    }

    static HostileCase parse(List<String> lines) {
        boolean server = true;
        boolean inline = true;
        List<Step> steps = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split(" +");
            switch (words[0]) {
                case "attack" -> {
                    server = words[1].equals("server");
                    inline = words[2].equals("inline");
                }
                case "give" -> steps.add(new Give(bytes(words)));
                case "do" -> steps.add(new Do(words[1], words.length > 2 ? Long.parseLong(words[2]) : 0));
                default -> {
                    if (!words[0].isEmpty() && !words[0].startsWith("#")) {
                        throw new IllegalArgumentException("not a step: " + line);
                    }
                }
            }
        }
        return new HostileCase(server, inline, steps);
    }

    private static byte[] bytes(String[] words) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i < words.length; i++) {
            int star = words[i].indexOf('*');
            byte[] some = HexFormat.of().parseHex(star < 0 ? words[i] : words[i].substring(0, star));
            int times = star < 0 ? 1 : Integer.parseInt(words[i].substring(star + 1));
            for (int n = 0; n < times; n++) {
                all.writeBytes(some);
            }
        }
        return all.toByteArray();
    }
}
