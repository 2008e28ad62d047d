package jaxon.trainer.metrics;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Short maps of scalars for tests.
final class Scalars {
  private Scalars() {}

  static SequencedMap<String, Double> of(String name, double value) {
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    scalars.put(name, value);
    return scalars;
  }

  static SequencedMap<String, Double> of(String name1, double value1, String name2, double value2) {
    SequencedMap<String, Double> scalars = of(name1, value1);
    scalars.put(name2, value2);
    return scalars;
  }
}
