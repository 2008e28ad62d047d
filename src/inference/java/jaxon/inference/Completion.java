package jaxon.inference;

/// What a model made of one prompt.
///
/// @param promptTokens number of tokens of the prompt
/// @param tokens number of tokens made, without the end token
/// @param text the new text
public record Completion(int promptTokens, int tokens, String text, FinishReason reason) {}
