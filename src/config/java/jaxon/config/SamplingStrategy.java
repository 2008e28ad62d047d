package jaxon.config;

/// How the next token is drawn from the logits.
public enum SamplingStrategy implements YamlNamed {
  /// The most likely one.
  GREEDY,
  /// At random, by probability after division of the logits by the temperature.
  WEIGHTED,
  /// As weighted, among the fewest likeliest tokens that have the given probability together.
  NUCLEUS,
  /// As weighted, among a given number of likeliest tokens.
  TOPK,
  /// As weighted, among the given number of likeliest tokens and of these among the fewest that
  /// have the given probability together.
  COMPOSITE;

  /// Whether only the `decode_sampling_top_k` likeliest tokens can be drawn.
  public boolean hasTopK() {
    return this == TOPK || this == COMPOSITE;
  }

  /// Whether only the tokens within `decode_sampling_nucleus_p` can be drawn.
  public boolean hasNucleus() {
    return this == NUCLEUS || this == COMPOSITE;
  }
}
