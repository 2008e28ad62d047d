package jaxon.config;

/// The shape of the decay at the end of the wsd schedule.
public enum WsdDecayStyle implements YamlNamed {
  LINEAR,
  COSINE
}
