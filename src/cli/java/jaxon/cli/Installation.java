package jaxon.cli;

import java.nio.file.Path;

/// Where Jaxon is installed: the directory that `bin/jaxon` gives as the system property
/// `jaxon.home`.
final class Installation {
  private Installation() {}

  /// The directory itself.
  static Path home() {
    return Path.of(System.getProperty("jaxon.home", ""));
  }

  /// The configurations that come with Jaxon.
  static Path configs() {
    return home().resolve("configs");
  }
}
