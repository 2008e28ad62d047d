package jaxon.config;

/// One `key: value` of one place; compared by identity, because the same setting may be made twice.
final class Setting {

  private final String key;
  private final YamlValue value;
  private final Origin origin;

  Setting(String key, YamlValue value, Origin origin) {
    this.key = key;
    this.value = value;
    this.origin = origin;
  }

  String key() {
    return key;
  }

  YamlValue value() {
    return value;
  }

  Origin origin() {
    return origin;
  }
}
