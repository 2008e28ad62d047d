package jaxon.config;

/// The shape of the learning rate between warm-up and end.
public enum LrScheduleType implements YamlNamed {
  /// Half a cosine.
  COSINE,
  /// Warm-up, stable, decay: constant, then a short decay at the end.
  WSD
}
