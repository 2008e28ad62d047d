package jaxon.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jaxon.graph.type.Shape;

/// How a tensor is cut, dim by dim; [PartitionSpec] with sizes, and with dims of several parts.
public record TensorSharding(List<DimSharding> dims) {
  public TensorSharding {
    dims = List.copyOf(dims);
  }

  /// Every device has the whole tensor.
  public static TensorSharding replicated(Shape shape) {
    return of(PartitionSpec.replicated(shape.rank()), shape);
  }

  /// The blocks of a spec.
  public static TensorSharding of(PartitionSpec spec, Shape shape) {
    List<DimSharding> dims = new ArrayList<>();
    for (int dim = 0; dim < shape.rank(); dim++) {
      dims.add(DimSharding.of(shape.dim(dim), spec.dims().get(dim)));
    }
    return new TensorSharding(dims);
  }

  public DimSharding dim(int dim) {
    return dims.get(dim);
  }

  /// This sharding with one dim replaced.
  public TensorSharding with(int dim, DimSharding sharding) {
    List<DimSharding> all = new ArrayList<>(dims);
    all.set(dim, sharding);
    return new TensorSharding(all);
  }

  /// This sharding with a whole dim in front.
  public TensorSharding prepend(long size) {
    return prepend(DimSharding.whole(size));
  }

  /// This sharding with another dim in front.
  public TensorSharding prepend(DimSharding dim) {
    List<DimSharding> all = new ArrayList<>(List.of(dim));
    all.addAll(dims);
    return new TensorSharding(all);
  }

  /// This sharding with what `axis` cuts held whole.
  public TensorSharding without(String axis) {
    return axes().contains(axis)
        ? new TensorSharding(dims.stream().map(dim -> dim.without(axis)).toList())
        : this;
  }

  /// This sharding without its first dim.
  public TensorSharding withoutFirst() {
    return new TensorSharding(dims.subList(1, dims.size()));
  }

  /// All axes that cut the tensor.
  public List<String> axes() {
    return dims.stream().flatMap(dim -> dim.axes().stream()).toList();
  }

  public boolean isReplicated() {
    return axes().isEmpty();
  }

  /// True when each device has one block.
  public boolean isBlocks() {
    return dims.stream().allMatch(DimSharding::isBlocks);
  }

  /// The spec of blocks; dims of several parts count as cut along all of their axes.
  public PartitionSpec spec() {
    return new PartitionSpec(dims.stream().map(DimSharding::axes).toList());
  }

  /// The shape of one device's part.
  public Shape localShape(Mesh mesh) {
    return Shape.of(dims.stream().map(dim -> dim.localSize(mesh)).toList());
  }

  @Override
  public String toString() {
    return dims.stream().map(DimSharding::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
