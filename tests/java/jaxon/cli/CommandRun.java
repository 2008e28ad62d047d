package jaxon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// What a command line did.
public record CommandRun(int exitCode, String out, String err) {
  public static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine jaxon = Jaxon.commandLine(false);
    jaxon.setOut(new PrintWriter(out, true));
    jaxon.setErr(new PrintWriter(err, true));
    return new CommandRun(jaxon.execute(arguments), out.toString(), err.toString());
  }
}
