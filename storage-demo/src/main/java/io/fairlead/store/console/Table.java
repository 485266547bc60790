package io.fairlead.store.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as they need; those whose cells begin with a digit line up on the right. */
public final class Table {
    private final String indent;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String indent, String... titles) {
        this.indent = indent;
        rows.add(List.of(titles));
    }

    public Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    public void print(PrintStream out) {
        int columns = rows.getFirst().size();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                String padding = " ".repeat(width(column) - cell.length());
                line.append(isNumeric(column) ? padding + cell : cell + padding).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.stream()
                .skip(1)
                .map(row -> row.get(column))
                .allMatch(c -> c.isEmpty() || c.matches("[-+]?[0-9][0-9.,]*( [^ ]+)?"));
    }
}
