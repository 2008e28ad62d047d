package jaxon.cli;

import java.nio.file.Path;

/// Where Jaxon is installed: the directory that `bin/jaxon` gives as the system property
/// `jaxon.home`.
final class Installation {
  private Installation() {}

  /// The configurations that come with Jaxon.
  static Path configs() {
    return Path.of(System.getProperty("jaxon.home", "")).resolve("configs");
  }
}
