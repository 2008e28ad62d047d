package jaxon.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Command lines of JVMs that run as this one does.
final class JvmCommand {
  private JvmCommand() {}

  /// A new list: this Java with the flags of this JVM and another class path.
  static List<String> of(String classpath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", classpath));
    return command;
  }

  /// A new list: this program in a JVM with the flags of this one and more.
  static List<String> jaxon(List<String> moreOptions, List<String> arguments) {
    List<String> command = of(System.getProperty("java.class.path"));
    command.addAll(moreOptions);
    command.add(Jaxon.class.getName());
    command.addAll(arguments);
    return command;
  }
}
