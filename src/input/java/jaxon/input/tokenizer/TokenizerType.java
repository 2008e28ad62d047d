package jaxon.input.tokenizer;

/// Which tokenizer to use: MaxText's `tokenizer_type`.
public enum TokenizerType {
  /// UTF-8 bytes; needs no path.
  BYTE,
  /// A `tokenizer.json` file, or a directory that holds one.
  HUGGINGFACE
}
