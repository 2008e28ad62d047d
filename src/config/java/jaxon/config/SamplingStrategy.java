package jaxon.config;

/// How the next token is drawn from the logits.
public enum SamplingStrategy implements YamlNamed {
  /// The most likely one.
  GREEDY,
  /// At random, by probability after division of the logits by the temperature.
  WEIGHTED
}
