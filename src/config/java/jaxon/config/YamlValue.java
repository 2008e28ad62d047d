package jaxon.config;

import java.util.List;

/// A value as YAML writes it, before the type of its key gives it a meaning.
///
/// Text is kept as written: YAML 1.1 would turn `010` into 8, `12:30` into 750 and `on` into true.
sealed interface YamlValue {

  /// One piece of text.
  ///
  /// @param plain whether it stands without quotes, so that it may also be a number or a truth
  ///   value
  record Scalar(String text, boolean plain) implements YamlValue {

    /// Whether this is YAML's way to say that there is no value.
    boolean isEmpty() {
      return text.isEmpty() || (plain && List.of("~", "null", "Null", "NULL").contains(text));
    }
  }

  /// A list of texts.
  record Sequence(List<Scalar> items) implements YamlValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// Anything that no key takes, said in words for the message: "a mapping".
  record Other(String what) implements YamlValue {}
}
