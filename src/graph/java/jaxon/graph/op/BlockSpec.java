package jaxon.graph.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;

/// Which block of a tensor a device of a [ControlOp.ShardMap] works on: for each dim the devices
/// that cut it into equal blocks, in the order of their places.
///
/// @param dims a group per dim; one of a single device for a dim that is not cut
public record BlockSpec(List<AxisGroup> dims) {
  private static final AxisGroup NOBODY = new AxisGroup(List.of(), 1);

  public BlockSpec {
    dims = List.copyOf(dims);
    List<String> axes = axes(dims);
    if (axes.stream().distinct().count() < axes.size()) {
      throw new IllegalArgumentException("a mesh axis cuts one dim at most, got " + axes);
    }
  }

  /// The spec of a tensor that all devices have whole.
  public static BlockSpec whole(int rank) {
    return new BlockSpec(Collections.nCopies(rank, NOBODY));
  }

  /// The spec of a tensor with one dim cut.
  public static BlockSpec cut(int rank, int dim, AxisGroup devices) {
    List<AxisGroup> dims = new ArrayList<>(Collections.nCopies(rank, NOBODY));
    dims.set(dim, devices);
    return new BlockSpec(dims);
  }

  /// This spec with another dim in front.
  public BlockSpec prepend(AxisGroup devices) {
    List<AxisGroup> all = new ArrayList<>(List.of(devices));
    all.addAll(dims);
    return new BlockSpec(all);
  }

  /// All mesh axes that cut the tensor.
  public List<String> axes() {
    return axes(dims);
  }

  private static List<String> axes(List<AxisGroup> dims) {
    return dims.stream().flatMap(group -> group.axes().stream()).toList();
  }

  /// Those of `devices` that have the same block: they differ in the other axes only.
  public AxisGroup replicas(AxisGroup devices) {
    List<String> rest = new ArrayList<>(devices.axes());
    rest.removeAll(axes());
    int blocks = dims.stream().mapToInt(AxisGroup::size).reduce(1, Math::multiplyExact);
    return new AxisGroup(rest, devices.size() / blocks);
  }

  /// The shape of a block of a tensor of shape `global`.
  ///
  /// @throws ShapeException if ranks differ or a dim does not divide
  public Shape local(Shape global) {
    requireRank(global);
    List<Long> sizes = new ArrayList<>();
    for (int dim = 0; dim < dims.size(); dim++) {
      AxisGroup group = dims.get(dim);
      if (global.dim(dim) % group.size() != 0) {
        throw new ShapeException(
            "dim %d of %s does not divide by the %d devices along %s"
                .formatted(dim, global, group.size(), group));
      }
      sizes.add(global.dim(dim) / group.size());
    }
    return Shape.of(sizes);
  }

  /// The shape of the tensor whose blocks have shape `local`.
  ///
  /// @throws ShapeException if ranks differ
  public Shape global(Shape local) {
    requireRank(local);
    List<Long> sizes = new ArrayList<>();
    for (int dim = 0; dim < dims.size(); dim++) {
      sizes.add(Math.multiplyExact(local.dim(dim), dims.get(dim).size()));
    }
    return Shape.of(sizes);
  }

  private void requireRank(Shape shape) {
    if (shape.rank() != dims.size()) {
      throw new ShapeException(
          "spec " + this + " names " + dims.size() + " dims, the tensor is " + shape);
    }
  }

  /// For example `(-, context, -)`.
  @Override
  public String toString() {
    return dims.stream()
        .map(group -> group.axes().isEmpty() ? "-" : String.join("+", group.axes()))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
