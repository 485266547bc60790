import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Adds up the reports of Surefire, Failsafe and the tests on RDMA in all modules, names what failed or was skipped, and
 * prints the sum in Maven's own words. {@code java TestCounts.java [--no-skips] ROOT}; the exit code is 1 if a test
 * failed, if none ran, or, with {@code --no-skips}, if one was skipped.
 */
final class TestCounts {
    private int run;
    private int failures;
    private int errors;
    private int skipped;
    private final List<String> notes = new ArrayList<>();

    public static void main(String[] args) throws IOException, XMLStreamException {
        boolean noSkips = args[0].equals("--no-skips");
        Path root = Path.of(args[args.length - 1]);
        TestCounts total = new TestCounts();
        try (var modules = Files.newDirectoryStream(root)) {
            for (Path module : modules) {
                for (String kind : List.of("surefire", "failsafe", "rdma", "rdma-network")) {
                    total.addAll(module.resolve("target/" + kind + "-reports"));
                }
            }
        }
        System.exit(total.report(noSkips) ? 0 : 1);
    }

    private void addAll(Path reports) throws IOException, XMLStreamException {
        if (!Files.isDirectory(reports)) {
            return;
        }
        try (var files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    add(in);
                }
            }
        }
    }

    private void add(InputStream in) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        String test = "";
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamReader.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "testcase" -> {
                    test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                    run++;
                }
                case "failure" -> {
                    failures++;
                    note("FAILED", test, xml);
                }
                case "error" -> {
                    errors++;
                    note("ERROR", test, xml);
                }
                case "skipped" -> {
                    skipped++;
                    note("SKIPPED", test, xml);
                }
                default -> {}
            }
        }
    }

    private void note(String what, String test, XMLStreamReader xml) throws XMLStreamException {
        String message = xml.getAttributeValue(null, "message");
        String text = message == null ? aboveTheStackTrace(xml.getElementText()) : message;
        String line = text.strip().replaceAll("\\s+", " ");
        notes.add(what + " " + test + ": " + (line.length() > 300 ? line.substring(0, 300) + " ..." : line));
    }

    /** An unmet assumption gives its reason only here, behind the name of its exception. */
    private static String aboveTheStackTrace(String text) {
        return text.lines().takeWhile(line -> !line.startsWith("\tat ")).collect(Collectors.joining(" "));
    }

    private boolean report(boolean noSkips) {
        System.out.println();
        notes.stream().sorted().forEach(System.out::println);
        if (run == 0) {
            System.out.println("No test ran.");
        }
        if (noSkips && skipped > 0) {
            System.out.println("Tests were skipped, and --no-skips allows none.");
        }
        System.out.printf(
                "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d%n", run, failures, errors, skipped);
        return run > 0 && failures + errors == 0 && !(noSkips && skipped > 0);
    }
}
