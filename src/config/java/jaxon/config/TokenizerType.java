package jaxon.config;

/// How text becomes token ids.
public enum TokenizerType implements YamlNamed {
  /// UTF-8 bytes as ids 0 to 255, then 256 for begin and 257 for end of text.
  BYTE,
  /// A tokenizer.json of Hugging Face.
  HUGGINGFACE
}
