package jaxon.cli;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import picocli.CommandLine.Option;

/// The configuration that a benchmark is of, for commands to mix in.
final class BenchedConfig extends ConfigOverrides {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "NAME",
      description = "A YAML file, as for train, for example bench/model_a.yml.")
  private String name;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs.
  BenchedConfig() {}

  /// What the user calls it.
  String name() {
    return name;
  }

  /// The configuration with the values of the command line.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration load() {
    return load(name);
  }

  /// The same with `settings`, which the values of the command line replace.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration load(List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(values());
    return load(name, all);
  }
}
