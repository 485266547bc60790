package io.fairlead.store.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds settings that nobody reads: those that {@code reference.conf} does not have. An empty object there takes any key. */
final class UnknownKeys {
    private final Set<String> known = new TreeSet<>();
    private final Set<String> open = new TreeSet<>();

    UnknownKeys(ConfigObject reference) {
        learn("", reference);
    }

    private void learn(String prefix, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String path = prefix + ConfigUtil.quoteString(entry.getKey()).replace("\"", "");
            if (!(entry.getValue() instanceof ConfigObject inner)) {
                known.add(path);
            } else if (inner.isEmpty()) {
                open.add(path);
            } else {
                learn(path + ".", inner);
            }
        }
    }

    /** Takes any key below {@code path}. */
    void open(String path) {
        open.add(path);
    }

    /** One sentence for each unknown key, with the nearest known one. */
    List<String> in(ConfigObject given) {
        List<String> faults = new ArrayList<>();
        visit("", given, faults);
        return faults;
    }

    private void visit(String prefix, ConfigObject object, List<String> faults) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String path = prefix + entry.getKey();
            if (open.contains(path) || known.contains(path)) {
                continue;
            }
            if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
                visit(path + ".", inner, faults);
            } else {
                boolean fromFile = entry.getValue().origin().filename() != null;
                faults.add("unknown key '" + path + "'"
                        + (fromFile ? " in " + entry.getValue().origin().description() : "") + ", nearest is '"
                        + nearest(path) + "'");
            }
        }
    }

    private String nearest(String path) {
        Set<String> candidates = new TreeSet<>(known);
        candidates.addAll(open);
        return candidates.stream()
                .min(Comparator.comparingInt(k -> distance(k, path)))
                .orElse("");
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
