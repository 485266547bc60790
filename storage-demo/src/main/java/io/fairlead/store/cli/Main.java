package io.fairlead.store.cli;

import io.fairlead.store.StoreException;
import io.fairlead.store.config.ConfigException;
import io.fairlead.transport.TransportException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 the operation failed, 2 called wrongly. */
@Command(
        name = "fairlead",
        description = "A replicated block store that shows the Fairlead transports at work.",
        subcommands = {
            DemoCommand.class,
            NodeCommand.class,
            PutCommand.class,
            GetCommand.class,
            LsCommand.class,
            RmCommand.class,
            StatCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the operation failed; standard error says why", "2:called or configured wrongly"},
        footer = {"", "Start with:  fairlead demo", "Every command has its own help:  fairlead put --help"})
public final class Main {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        CommandLine line = new CommandLine(new Main());
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().exitCodeOnExecutionException(FAILED));
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("fairlead: " + explain(failure));
            command.getErr().flush();
            return failure instanceof ConfigException ? USAGE : FAILED;
        });
        if (args.length == 0) {
            line.usage(System.err);
            return USAGE;
        }
        return line.execute(args);
    }

    /** Our own failures say what an operator needs; of others, the trace is the only clue. */
    private static String explain(Exception failure) {
        if (failure instanceof StoreException
                || failure instanceof TransportException
                || failure instanceof ConfigException
                || failure instanceof IllegalArgumentException) {
            return "" + failure.getMessage();
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return "internal error, please report it: " + trace;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "fairlead " + (version == null ? "(from classes)" : version),
                "Java " + Runtime.version() + " on " + System.getProperty("os.name")
            };
        }
    }
}
