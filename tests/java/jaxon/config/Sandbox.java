package jaxon.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A working directory and an installation's configs directory to load from, both below one
/// temporary directory.
record Sandbox(Path work, Path configs, Map<String, String> environment) {

  static Sandbox in(Path root) throws IOException {
    Sandbox sandbox = new Sandbox(root.resolve("work"), root.resolve("configs"), Map.of());
    Files.createDirectories(sandbox.work());
    Files.createDirectories(sandbox.configs().resolve("models"));
    return sandbox;
  }

  Sandbox with(String variable, String value) {
    return new Sandbox(work, configs, Map.of(variable, value));
  }

  /// Writes a file to the working directory.
  Sandbox write(String name, String text) throws IOException {
    Path file = work.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
    return this;
  }

  /// Writes a file to the configs directory.
  Sandbox install(String name, String text) throws IOException {
    Files.writeString(configs.resolve(name), text);
    return this;
  }

  Configuration load(String config, String... overrides) {
    return loader().load(config, List.of(overrides));
  }

  Configuration defaults(String... overrides) {
    return loader().loadDefaults(List.of(overrides));
  }

  List<Problem> problems(String config, String... overrides) {
    return refusal(() -> load(config, overrides)).problems();
  }

  List<Problem> problemsOfDefaults(String... overrides) {
    return refusal(() -> defaults(overrides)).problems();
  }

  private ConfigLoader loader() {
    return new ConfigLoader(work, configs, environment);
  }

  private static ConfigException refusal(Runnable load) {
    ConfigException refusal = catchThrowableOfType(ConfigException.class, load::run);
    if (refusal == null) {
      throw new AssertionError("the configuration was accepted");
    }
    return refusal;
  }
}
