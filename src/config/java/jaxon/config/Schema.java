package jaxon.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// All keys of [Configuration], read from its record components once.
final class Schema {

  /// The keys of one section record, in the order of its components.
  record Section(String name, Class<?> type, List<Parameter> parameters) {}

  private static final List<Section> SECTIONS =
      Arrays.stream(Configuration.class.getRecordComponents()).map(Schema::section).toList();

  private static final SequencedMap<String, Parameter> PARAMETERS = index();

  private Schema() {}

  static List<Section> sections() {
    return SECTIONS;
  }

  static Optional<Parameter> find(String key) {
    return Optional.ofNullable(PARAMETERS.get(key));
  }

  /// All parameters, section by section.
  static List<Parameter> parameters() {
    return List.copyOf(PARAMETERS.values());
  }

  /// Builds the records from one typed value for each key.
  static Configuration build(Map<String, Object> values) {
    List<Object> sections = new ArrayList<>();
    for (Section section : SECTIONS) {
      sections.add(
          construct(
              section.type(),
              section.parameters().stream()
                  .map(parameter -> values.get(parameter.key()))
                  .toList()));
    }
    return (Configuration) construct(Configuration.class, sections);
  }

  /// The typed values of a configuration, by key, in the order of [#parameters].
  static SequencedMap<String, Object> values(Configuration configuration) {
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent section : Configuration.class.getRecordComponents()) {
      Object record = read(section, configuration);
      for (RecordComponent component : section.getType().getRecordComponents()) {
        values.put(Parameter.of(component).key(), read(component, record));
      }
    }
    return values;
  }

  private static Section section(RecordComponent component) {
    List<Parameter> parameters =
        Arrays.stream(component.getType().getRecordComponents()).map(Parameter::of).toList();
    return new Section(component.getName(), component.getType(), parameters);
  }

  private static SequencedMap<String, Parameter> index() {
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    for (Section section : SECTIONS) {
      for (Parameter parameter : section.parameters()) {
        if (parameters.put(parameter.key(), parameter) != null) {
          throw new IllegalStateException("two record components have the key " + parameter.key());
        }
      }
    }
    return parameters;
  }

  private static Object construct(Class<?> type, List<Object> arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type.getSimpleName() + " refused " + arguments, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no canonical constructor of " + type, e);
    }
  }

  private static Object read(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
