package jaxon.trainer;

import java.util.Objects;

/// The version of this program.
public final class JaxonVersion {
  private JaxonVersion() {}

  /// The version, or that it is one in development.
  public static String get() {
    // It is in the jar's manifest; class folders, as tests use them, have none.
    String version = JaxonVersion.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "(development)");
  }
}
