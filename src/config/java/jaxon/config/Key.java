package jaxon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says everything about one configuration key: the only source of its help text, default and
/// checks.
///
/// The key's name is the component's name in snake case (`baseEmbDim` is `base_emb_dim`), its type
/// is the component's type: `boolean`, `int`, `double`, `String`, an enum that is [YamlNamed],
/// `Path`, [Place], a `List` of strings or enums, or an `Optional` of an enum, a `Path` or a
/// [Place], which the empty text leaves out.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

  /// One or two sentences for the user, starting with a capital and ending with a full stop.
  String doc();

  /// The default as it would stand in a YAML file; the empty text for "not set".
  String defaultValue();

  /// The key, where snake case does not give it (`mlpwi_0`).
  String name() default "";

  /// Smallest number allowed.
  double min() default Double.NEGATIVE_INFINITY;

  /// Largest number allowed.
  double max() default Double.POSITIVE_INFINITY;

  /// Numbers must be smaller than this.
  double below() default Double.POSITIVE_INFINITY;

  /// The one number outside the range that is allowed all the same, and what it means: `"-1 (no
  /// limit)"`.
  String or() default "";

  /// The values allowed: required knowledge for text, a restriction for an enum. Empty: all of the
  /// type.
  String[] oneOf() default {};

  /// Values that MaxText has and Jaxon does not do yet; asking for one is answered by name.
  String[] notYet() default {};

  /// How the key differs from MaxText's of the same name; empty when it does not.
  String differs() default "";

  /// What a relative path is relative to.
  Base base() default Base.WORKING_DIRECTORY;

  /// The directory that a relative path starts from.
  enum Base {
    /// The directory of the process, wherever the key is set: for what a run writes.
    WORKING_DIRECTORY,
    /// The directory of the YAML file that sets the key: for what a run reads.
    SETTING_FILE
  }
}
