package jaxon.config;

/// The kind of decoder layer that a model is made of.
public enum DecoderBlock implements YamlNamed {
  /// Pre-norm RMSNorm, rotary positions, grouped-query attention, gated MLP: Llama 2, 3, 3.1 and
  /// 3.2.
  LLAMA2
}
