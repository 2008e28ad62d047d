package jaxon.sharding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import jaxon.graph.type.TensorType;

/// For each dim of a tensor the mesh axes that cut it into equal blocks, major first.
///
/// A dim without axes is whole on every device. An axis cuts one dim at most.
public record PartitionSpec(List<List<String>> dims) {
  public PartitionSpec {
    dims = dims.stream().map(List::copyOf).toList();
    List<String> seen = new ArrayList<>();
    for (List<String> dim : dims) {
      for (String axis : dim) {
        if (seen.contains(axis)) {
          throw new ShardingException("mesh axis " + axis + " is used twice in " + dims);
        }
        seen.add(axis);
      }
    }
  }

  /// The spec of a tensor that every device has whole.
  public static PartitionSpec replicated(int rank) {
    return new PartitionSpec(Collections.nCopies(rank, List.of()));
  }

  /// The specs of tensors that every device has whole.
  public static List<PartitionSpec> replicated(List<TensorType> types) {
    return types.stream().map(type -> replicated(type.shape().rank())).toList();
  }

  /// One entry per dim: axes joined by `+`, or empty; `of("data+fsdp", "", "tensor")`.
  public static PartitionSpec of(String... dims) {
    List<List<String>> all = new ArrayList<>();
    for (String dim : dims) {
      all.add(dim.isEmpty() ? List.of() : List.of(dim.split("\\+", -1)));
    }
    return new PartitionSpec(all);
  }

  public int rank() {
    return dims.size();
  }

  /// All axes in use, in the order of the dims.
  public List<String> axes() {
    return dims.stream().flatMap(List::stream).toList();
  }

  public boolean isReplicated() {
    return axes().isEmpty();
  }

  /// For example `(data+fsdp, -, tensor)`.
  @Override
  public String toString() {
    return dims.stream()
        .map(dim -> dim.isEmpty() ? "-" : String.join("+", dim))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
