package jaxon.graph.op;

import java.util.List;
import java.util.stream.Stream;

/// One logical axis name per dim of a tensor, for example `(embed, mlp)`; the empty name is "never
/// sharded".
///
/// Layers speak these names only; rules map them to mesh axes.
public record LogicalAxes(List<String> names) {
  public LogicalAxes {
    names = List.copyOf(names);
  }

  /// Axes in the order of the tensor's dims.
  public static LogicalAxes of(String... names) {
    return new LogicalAxes(List.of(names));
  }

  /// These axes with `name` for a new leading dim.
  public LogicalAxes prepend(String name) {
    return new LogicalAxes(Stream.concat(Stream.of(name), names.stream()).toList());
  }

  @Override
  public String toString() {
    return "(" + String.join(", ", names) + ")";
  }
}
