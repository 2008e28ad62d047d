package jaxon.inference;

/// How long making text took. Programs are compiled before.
///
/// @param promptTokens tokens of all prompts
/// @param promptSeconds time to read them, drawing their first tokens included
/// @param firstTokenSeconds from the start to the first token of the first prompt
/// @param steps steps that added a token to each row
/// @param stepTokens tokens that they added to texts
/// @param stepSeconds time of the steps, drawing included
public record DecodeTimes(
    long promptTokens,
    double promptSeconds,
    double firstTokenSeconds,
    long steps,
    long stepTokens,
    double stepSeconds) {
  /// Tokens of prompts read per second.
  public double promptRate() {
    return promptSeconds > 0 ? promptTokens / promptSeconds : 0;
  }

  /// Tokens made by steps per second, of all rows together.
  public double stepRate() {
    return stepSeconds > 0 ? stepTokens / stepSeconds : 0;
  }
}
