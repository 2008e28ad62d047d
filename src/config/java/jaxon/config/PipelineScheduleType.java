package jaxon.config;

/// In which order the stages of a pipeline run micro-batches forward and backward.
public enum PipelineScheduleType implements YamlNamed {
  /// All forward, then all backward.
  GPIPE("gpipe"),
  /// Each backward as soon as it is through: one forward and one backward in each turn.
  ONE_FORWARD_ONE_BACKWARD("1f1b");

  private final String yamlName;

  PipelineScheduleType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
