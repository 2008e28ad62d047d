package jaxon.config;

/// How rotary position frequencies are derived.
public enum RopeType implements YamlNamed {
  /// Geometric between the two timescales.
  DEFAULT("default"),
  /// Scaled for longer contexts, as Llama 3.1 and 3.2 do.
  LLAMA3_1("llama3.1");

  private final String yamlName;

  RopeType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
