package jaxon.cli;

import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.inference.ParameterSource;

/// Where the parameters of a model come from that only makes text.
final class DecodeParameters {
  private DecodeParameters() {}

  /// The parameters that a configuration names; empty where it names none, for the initial ones.
  static Optional<ParameterSource> open(Configuration config) {
    // No key names any so far; this is the place that will open what one names.
    return Optional.empty();
  }
}
