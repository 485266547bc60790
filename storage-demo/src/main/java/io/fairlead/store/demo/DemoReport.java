package io.fairlead.store.demo;

import io.fairlead.store.Bytes;
import io.fairlead.store.console.Table;
import java.io.PrintStream;
import java.util.Locale;

/** The result in words and tables. */
final class DemoReport {
    private DemoReport() {}

    static void print(DemoResult result, PrintStream out) {
        out.println();
        out.printf(Locale.ROOT, "What the transport (%s) did, as this process saw it:%n", result.transport());
        Table operations = new Table("  ", "operation", "done", "failed", "bytes", "p50", "p99");
        for (OperationFigures figures : result.operations()) {
            operations.row(
                    figures.name(),
                    figures.done(),
                    figures.failed(),
                    Bytes.text(figures.bytes()),
                    ms(figures.p50Ms()),
                    ms(figures.p99Ms()));
        }
        operations.print(out);
        out.printf(
                Locale.ROOT,
                "  a chunk on all its replicas: p50 %s, p99 %s (slot, write, commit, checked and kept by the node)%n",
                ms(result.replicateP50Ms()),
                ms(result.replicateP99Ms()));
        result.passedOver()
                .forEach((what, count) ->
                        out.printf(Locale.ROOT, "  replicas done without: %d (%s)%n", count, what.replace(" ", ": ")));
        out.println();
        if (result.nodeBytes().isEmpty()) {
            out.println(
                    "The nodes take no part in what is done to their memory, so their /metrics count nothing to compare.");
        } else {
            compare(result, out);
        }
        out.println();
        if (result.succeeded()) {
            out.printf(
                    Locale.ROOT,
                    "%s came back as %s%s.%n",
                    result.matching() == 1 ? "The one file" : "All " + result.matching() + " files",
                    result.matching() == 1 ? "it was" : "they were",
                    result.killed() == null ? "" : ", although " + result.killed() + " was killed");
        } else {
            result.failures().forEach(failure -> out.println("FAILED: " + failure));
        }
    }

    private static void compare(DemoResult result, PrintStream out) {
        out.println("The same bytes, counted here and by the nodes' /metrics:");
        Table bytes = new Table("  ", "node", "written here", "came in there", "read here", "went out there", "agree");
        for (DemoResult.NodeBytes node : result.nodeBytes()) {
            bytes.row(
                    node.node(),
                    node.written(),
                    node.nodeIn(),
                    node.read(),
                    node.nodeOut(),
                    node.agree() ? "yes" : "NO");
        }
        bytes.print(out);
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%.2f ms", value);
    }
}
