package jaxon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The values that a command line gives to keys of the configuration, for commands to mix in.
class ConfigOverrides {
  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Values that replace those of the file; --KEY=VALUE means the same.")
  private final List<String> values = new ArrayList<>();

  /// Lets `--key=value` through, since keys are those of the configuration.
  @Spec(Spec.Target.MIXEE)
  void setMixee(CommandSpec spec) {
    spec.parser().unmatchedOptionsArePositionalParams(true);
  }

  List<String> values() {
    return List.copyOf(values);
  }

  /// The configuration that has these values and defaults.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration loadDefaults() {
    return loadDefaults(values);
  }

  /// The configuration that has other values than these, and defaults.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration loadDefaults(List<String> others) {
    return new ConfigLoader(Path.of(""), Installation.configs(), System.getenv())
        .loadDefaults(others);
  }

  /// The configuration that has `settings`, these values over them, and defaults.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration loadOver(List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(values);
    return loadDefaults(all);
  }

  /// The configuration of that name with these values.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration load(String name) {
    return load(name, values);
  }

  /// The configuration of that name with other values than these.
  ///
  /// @throws jaxon.config.ConfigException with all that is wrong with it
  Configuration load(String name, List<String> others) {
    return new ConfigLoader(Path.of(""), Installation.configs(), System.getenv())
        .load(name, others);
  }
}
