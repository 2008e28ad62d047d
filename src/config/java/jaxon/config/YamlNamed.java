package jaxon.config;

import java.util.Locale;

/// An enum whose constants have a name in YAML: by default the constant's in lower case.
public interface YamlNamed {

  /// The name of the constant, which every enum has.
  String name();

  /// The value as it stands in a YAML file.
  default String yamlName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
