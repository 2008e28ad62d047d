package jaxon.cli;

import jaxon.trainer.JaxonVersion;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the version of Jaxon, and the Java and platform it runs on.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "jaxon " + JaxonVersion.get(),
      "Java %s, %s %s"
          .formatted(
              Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
