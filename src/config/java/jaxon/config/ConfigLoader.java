package jaxon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Loads a [Configuration] from YAML files, environment and command line.
///
/// Precedence, weak to strong: defaults, the `base_config` chain from its root up to the file
/// named, the model's file, environment variables `JAXON_<KEY>`, `key=value` arguments. What the
/// model's file sets can be changed only with `override_model_config=true`, except by files below
/// the one that sets `model_name`, which simply lose.
public final class ConfigLoader {

  private final Path workingDirectory;
  private final ConfigFinder finder;
  private final Map<String, String> environment;

  /// @param workingDirectory where relative names and paths of the command line start
  /// @param configsDirectory the `configs` directory of the installation
  /// @param environment the environment variables, of which those starting with `JAXON_` are read
  public ConfigLoader(
      Path workingDirectory, Path configsDirectory, Map<String, String> environment) {
    this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    this.finder =
        new ConfigFinder(this.workingDirectory, configsDirectory.toAbsolutePath().normalize());
    this.environment = Map.copyOf(environment);
  }

  /// Loads the file that `--config=NAME` means, with overrides `key=value` or `--key=value`.
  ///
  /// @throws ConfigException with everything that is wrong
  public Configuration load(String configName, List<String> overrides) {
    Problems problems = new Problems();
    Optional<SourceFile> file = finder.config(configName, problems);
    List<List<Setting>> files = file.map(new FileChain(finder, problems)::read).orElse(List.of());
    return assemble(files, overrides, problems);
  }

  /// Loads the defaults with overrides `key=value` or `--key=value`, without any file but the
  /// model's.
  ///
  /// @throws ConfigException with everything that is wrong
  public Configuration loadDefaults(List<String> overrides) {
    return assemble(List.of(), overrides, new Problems());
  }

  private Configuration assemble(
      List<List<Setting>> files, List<String> overrides, Problems problems) {
    Problems arguments = new Problems();
    ValueParser parser = new ValueParser(workingDirectory);
    Layers layers =
        new Layers(
            files, EnvironmentSettings.read(environment), Overrides.parse(overrides, arguments));
    new ModelSettings(finder, parser, problems).addTo(layers);
    boolean filesRead = problems.isEmpty();
    problems.addAll(arguments);
    TypedValues typed = TypedValues.of(layers, parser, problems);
    Configuration configuration = Schema.build(typed.values());
    if (filesRead) {
      new Contradictions(configuration, layers, typed, problems).check();
    }
    problems.throwIfAny();
    return configuration;
  }
}
