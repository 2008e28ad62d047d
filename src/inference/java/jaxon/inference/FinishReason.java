package jaxon.inference;

/// Why a text ends.
public enum FinishReason {
  /// The model gave the end token, which is not part of the text.
  END_TOKEN,
  /// The text has as many new tokens as were asked for.
  LENGTH,
  /// Prompt and text fill the window: `max_target_length` tokens.
  WINDOW
}
