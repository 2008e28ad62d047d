package jaxon.sharding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.Shape;

/// Maps logical axes to mesh axes, as MaxText's `logical_axis_rules` do.
///
/// Rules are tried in order. A rule serves each dim of its name that has no axes yet, unless
/// another dim of the tensor uses one of its mesh axes; then a later rule of the same name (a
/// fall-back) may serve. Mesh axes of size 1 disappear before that. What does not divide a dim is
/// left out in the end, from the minor axis on, and reported; no other dim gets it.
public record LogicalAxisRules(List<Rule> rules) {
  /// One row: `logical` is cut along `mesh`, major first; none: it stays whole.
  public record Rule(String logical, List<String> mesh) {
    public Rule {
      mesh = List.copyOf(mesh);
    }
  }

  /// Mesh axes that were left out because they do not divide a dim.
  public record Dropped(LogicalAxes tensor, Shape shape, int dim, List<String> axes, int devices) {
    @Override
    public String toString() {
      return "%s %s: dim %d (%s) is not cut along %s, whose %d devices do not divide %d"
          .formatted(
              tensor,
              shape,
              dim,
              tensor.names().get(dim),
              String.join("+", axes),
              devices,
              shape.dim(dim));
    }
  }

  /// The spec of a tensor and what was left out of it.
  public record Assignment(PartitionSpec spec, List<Dropped> dropped) {
    public Assignment {
      dropped = List.copyOf(dropped);
    }
  }

  public LogicalAxisRules {
    rules = List.copyOf(rules);
  }

  /// The spec of a tensor with these logical axes. The empty name stays whole; a name that no rule
  /// has is an error.
  public Assignment assign(LogicalAxes tensor, Shape shape, Mesh mesh) {
    requireKnown(tensor);
    int rank = tensor.names().size();
    List<List<String>> dims = new ArrayList<>(Collections.nCopies(rank, List.of()));
    List<Boolean> served = new ArrayList<>(Collections.nCopies(rank, false));
    for (Rule rule : rules) {
      List<String> axes = rule.mesh().stream().filter(axis -> mesh.size(axis) > 1).toList();
      for (int dim = 0; dim < rank; dim++) {
        boolean free = dims.stream().flatMap(List::stream).noneMatch(axes::contains);
        if (!served.get(dim) && free && tensor.names().get(dim).equals(rule.logical())) {
          dims.set(dim, axes);
          served.set(dim, true);
        }
      }
    }
    List<Dropped> dropped = new ArrayList<>();
    for (int dim = 0; dim < rank; dim++) {
      List<String> axes = dims.get(dim);
      List<String> fitting = dividing(axes, shape.dim(dim), mesh);
      dims.set(dim, fitting);
      if (fitting.size() < axes.size()) {
        List<String> rest = axes.subList(fitting.size(), axes.size());
        dropped.add(new Dropped(tensor, shape, dim, rest, mesh.size(axes)));
      }
    }
    return new Assignment(new PartitionSpec(dims), dropped);
  }

  /// The longest start of `axes` whose devices divide `size`.
  private static List<String> dividing(List<String> axes, long size, Mesh mesh) {
    int kept = axes.size();
    while (size % mesh.size(axes.subList(0, kept)) != 0) {
      kept--;
    }
    return axes.subList(0, kept);
  }

  private void requireKnown(LogicalAxes tensor) {
    for (String name : tensor.names()) {
      if (!name.isEmpty() && rules.stream().noneMatch(rule -> rule.logical().equals(name))) {
        throw new ShardingException(
            "logical_axis_rules have no row for "
                + name
                + " of a tensor "
                + tensor
                + "; add one, with an empty list to keep that dim whole");
      }
    }
  }
}
