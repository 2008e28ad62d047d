package jaxon.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One configuration key: its name, what its record component declares and what its [Key]
/// annotation says.
///
/// @param key the name in YAML
/// @param spec the annotation
/// @param form whether the value is one element, an optional one or a list
/// @param element type of an element: `boolean`, `int`, `double`, `String`, `Path`, [Place] or an
///   enum
record Parameter(String key, Key spec, Form form, Class<?> element) {

  /// How many elements a value has.
  enum Form {
    SINGLE,
    OPTIONAL,
    LIST
  }

  /// The parameter that a component of a section record declares.
  static Parameter of(RecordComponent component) {
    Key spec = component.getAnnotation(Key.class);
    if (spec == null) {
      throw new IllegalStateException(
          component + " has no @Key annotation; every component needs one");
    }
    String key = spec.name().isEmpty() ? snakeCase(component.getName()) : spec.name();
    return new Parameter(key, spec, form(component), element(component));
  }

  /// `baseEmbDim` as `base_emb_dim`.
  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /// Whether an override's text is taken literally instead of being read as YAML.
  boolean isText() {
    return form != Form.LIST
        && (element == String.class || element == Path.class || element == Place.class);
  }

  /// The values allowed where they can be listed; empty where they cannot.
  List<String> choices() {
    if (spec.oneOf().length > 0) {
      return List.of(spec.oneOf());
    }
    return enumConstants().stream().map(YamlNamed::yamlName).toList();
  }

  /// The constants of an enum element; empty for other elements.
  List<YamlNamed> enumConstants() {
    if (!element.isEnum()) {
      return List.of();
    }
    return Arrays.stream(element.getEnumConstants()).map(YamlNamed.class::cast).toList();
  }

  /// Whether `value` is one that MaxText has and Jaxon does not do yet.
  boolean isNotYet(String value) {
    return List.of(spec.notYet()).contains(value);
  }

  private static Form form(RecordComponent component) {
    if (component.getType() == List.class) {
      return Form.LIST;
    }
    return component.getType() == Optional.class ? Form.OPTIONAL : Form.SINGLE;
  }

  private static Class<?> element(RecordComponent component) {
    Type type = component.getGenericType();
    if (type instanceof ParameterizedType parameterized) {
      type = parameterized.getActualTypeArguments()[0];
    }
    return (Class<?>) type;
  }
}
