package jaxon.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which value of the graph under construction stands for a value of the graph being rewritten.
public final class Renaming {
  private final Map<Var, Var> renamed = new HashMap<>();

  /// A renaming of `from[i]` to `to[i]`.
  public static Renaming of(List<Var> from, List<Var> to) {
    Renaming renaming = new Renaming();
    renaming.putAll(from, to);
    return renaming;
  }

  public void put(Var from, Var to) {
    renamed.put(from, to);
  }

  /// Renames `from[i]` to `to[i]`.
  public void putAll(List<Var> from, List<Var> to) {
    if (from.size() != to.size()) {
      throw new IllegalArgumentException(
          "cannot rename " + from.size() + " values to " + to.size());
    }
    for (int i = 0; i < from.size(); i++) {
      renamed.put(from.get(i), to.get(i));
    }
  }

  public boolean contains(Var from) {
    return renamed.containsKey(from);
  }

  /// The new name of `from`, which must have one.
  public Var get(Var from) {
    Var to = renamed.get(from);
    if (to == null) {
      throw new IllegalStateException("value " + from + " is used before it is defined");
    }
    return to;
  }

  /// The new names of `from`, in order.
  public List<Var> getAll(List<Var> from) {
    return from.stream().map(this::get).toList();
  }
}
