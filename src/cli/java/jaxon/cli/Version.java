package jaxon.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the version of Jaxon, and the Java and platform it runs on.
final class Version implements IVersionProvider {
  /// The version of Jaxon.
  static String ofJaxon() {
    // It is in the jar's manifest; class folders, as tests use them, have none.
    String version = Jaxon.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "(development)");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "jaxon " + ofJaxon(),
      "Java %s, %s %s"
          .formatted(
              Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
