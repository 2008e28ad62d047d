package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.sharding.DimSharding;
import jaxon.sharding.DimSharding.Part;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;

/// How a value within a pipeline is cut into micro-batches, as along one more axis of the mesh.
///
/// @param all the value for the whole batch
/// @param one one micro-batch of it; equal to `all` for what has nothing to do with the batch
record MicroBatchCut(TensorSharding all, TensorSharding one) {
  /// The axis that micro-batches count along. Places on it are turns, not devices.
  static final String AXIS = "micro_batch";

  /// The cut of what has nothing to do with the batch.
  static MicroBatchCut none(TensorSharding all) {
    return new MicroBatchCut(all, all);
  }

  /// The cut of a value that micro-batches are asked for in the form `one`, which may be none.
  static MicroBatchCut asked(TensorSharding one) {
    return new MicroBatchCut(one.without(AXIS), one);
  }

  /// True if the micro-batches of a device lie one after the other in what it has.
  boolean isWindow() {
    return one.dims().stream()
        .flatMap(dim -> dim.parts().stream())
        .allMatch(part ->
            !part.axes().contains(AXIS) || part.axes().indexOf(AXIS) == part.axes().size() - 1);
  }

  /// `all`, cut further where `cut` says that the rows of the batch are.
  static MicroBatchCut of(TensorSharding all, TensorSharding cut, Mesh mesh) {
    for (int dim = 0; dim < cut.dims().size(); dim++) {
      if (!cut.dim(dim).isWhole()) {
        Optional<DimSharding> both = both(all.dim(dim), cut.dim(dim), mesh);
        int at = dim;
        return both.map(joined -> new MicroBatchCut(all, all.with(at, joined)))
            .orElseGet(() -> none(all));
      }
    }
    return none(all);
  }

  /// One dim cut as by two shardings, the second within the blocks of the first.
  private static Optional<DimSharding> both(DimSharding all, DimSharding cut, Mesh mesh) {
    List<Long> sizes = (all.isBlocks() ? cut : all).parts().stream().map(Part::size).toList();
    Optional<List<DimSharding>> outer = all.split(sizes, mesh);
    Optional<List<DimSharding>> inner = cut.split(sizes, mesh);
    if (outer.isEmpty() || inner.isEmpty()) {
      return Optional.empty();
    }
    List<DimSharding> joined = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      DimSharding has = outer.get().get(i);
      DimSharding more = inner.get().get(i);
      List<String> axes = new ArrayList<>(has.axes());
      axes.addAll(more.axes());
      if (!has.isBlocks() || !more.isBlocks() || sizes.get(i) % mesh.size(axes) != 0) {
        return Optional.empty();
      }
      joined.add(DimSharding.of(sizes.get(i), axes));
    }
    return Optional.of(DimSharding.join(joined, mesh));
  }

  /// True when each micro-batch has its own part.
  boolean isBatched() {
    return !all.equals(one);
  }

  /// The axes that cut the rows of the batch over devices.
  List<String> rowAxes() {
    List<String> axes = new ArrayList<>(rows().axes());
    axes.remove(AXIS);
    return axes;
  }

  /// The part that micro-batches cut.
  private Part rows() {
    return one.dims().stream()
        .flatMap(dim -> dim.parts().stream())
        .filter(part -> part.axes().contains(AXIS))
        .findFirst()
        .orElseThrow();
  }

  /// `all`, with other rows on each device, as many: those that it and its peers along `axis` have
  /// where rows are cut along that axis as well, in the order of the mesh. So that one collective
  /// along `axis` leads from there to here; empty if sizes do not divide.
  Optional<TensorSharding> withPeers(String axis, Mesh mesh) {
    return withPeers(axis, mesh, List.of());
  }

  /// The micro-batches of `withPeers`, if each has rows of every peer: the first has the first ones
  /// of each, and so on. Then micro-batches are the same on the peers and on all of them together.
  Optional<MicroBatchCut> acrossPeers(String axis, Mesh mesh) {
    Optional<TensorSharding> whole = withPeers(axis, mesh);
    Optional<TensorSharding> part = withPeers(axis, mesh, List.of(AXIS));
    return whole.flatMap(rows -> part.map(one -> new MicroBatchCut(rows, one)));
  }

  /// @param more axes that cut the rows of each peer further
  private Optional<TensorSharding> withPeers(String axis, Mesh mesh, List<String> more) {
    Part rows = rows();
    List<String> all = new ArrayList<>(rowAxes());
    all.add(axis);
    List<String> before = mesh.inOrder(all);
    before = before.subList(0, before.indexOf(axis));
    List<String> after = new ArrayList<>(rowAxes().subList(before.size(), rowAxes().size()));
    after.addAll(more);
    if (!rowAxes().subList(0, before.size()).equals(before)
        || rows.size() % ((long) mesh.size(all) * mesh.size(more)) != 0) {
      return Optional.empty();
    }
    long major = (long) mesh.size(before) * mesh.size(axis);
    List<DimSharding> dims = new ArrayList<>();
    for (DimSharding dim : one.dims()) {
      List<DimSharding> parts = new ArrayList<>();
      for (Part part : dim.parts()) {
        if (part.equals(rows)) {
          parts.add(DimSharding.of(major, before));
          parts.add(DimSharding.of(part.size() / major, after));
        } else {
          parts.add(new DimSharding(List.of(part)));
        }
      }
      dims.add(DimSharding.join(parts, mesh));
    }
    return Optional.of(new TensorSharding(dims));
  }

  /// The dim that micro-batches cut; 0 if none.
  int dim() {
    for (int dim = 0; dim < one.dims().size(); dim++) {
      if (one.dim(dim).axes().contains(AXIS)) {
        return dim;
      }
    }
    return 0;
  }

  /// How often a device has all micro-batches one after the other along the dim that they cut: once
  /// for each element of what lies before them in that dim.
  long before(Mesh mesh) {
    List<Part> parts = one.dim(dim()).parts();
    return parts.subList(0, parts.indexOf(rows())).stream()
        .mapToLong(part -> part.size() / mesh.size(part.axes()))
        .reduce(1, Math::multiplyExact);
  }
}
