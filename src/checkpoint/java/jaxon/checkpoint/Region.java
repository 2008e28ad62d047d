package jaxon.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jaxon.graph.type.Shape;

/// A block of a tensor: where it starts and how large it is, per dim.
public record Region(List<Long> start, List<Long> extent) {
  public Region {
    start = List.copyOf(start);
    extent = List.copyOf(extent);
    if (start.size() != extent.size()
        || start.stream().anyMatch(at -> at < 0)
        || extent.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException(
          "a region starts at and extends for whole numbers, as many of each: got %s and %s"
              .formatted(start, extent));
    }
  }

  /// A region from arrays.
  public static Region of(long[] start, long[] extent) {
    return new Region(
        Arrays.stream(start).boxed().toList(), Arrays.stream(extent).boxed().toList());
  }

  /// All of a tensor.
  public static Region whole(Shape shape) {
    return of(new long[shape.rank()], shape.toArray());
  }

  public int rank() {
    return start.size();
  }

  /// Number of elements.
  public long elements() {
    return extent.stream().reduce(1L, Math::multiplyExact);
  }

  /// Whether the region lies in a tensor of this shape.
  public boolean isWithin(Shape shape) {
    if (shape.rank() != rank()) {
      return false;
    }
    for (int dim = 0; dim < rank(); dim++) {
      if (start.get(dim) > shape.dim(dim) || extent.get(dim) > shape.dim(dim) - start.get(dim)) {
        return false;
      }
    }
    return true;
  }

  /// What two regions of one tensor have in common, if anything.
  public Optional<Region> intersection(Region other) {
    List<Long> from = new ArrayList<>();
    List<Long> size = new ArrayList<>();
    for (int dim = 0; dim < rank(); dim++) {
      long begin = Math.max(start.get(dim), other.start.get(dim));
      long end = Math.min(end(dim), other.end(dim));
      if (end <= begin) {
        return Optional.empty();
      }
      from.add(begin);
      size.add(end - begin);
    }
    return Optional.of(new Region(from, size));
  }

  /// The place of element `at` of the tensor in this region, row-major.
  long indexOf(List<Long> at) {
    long index = 0;
    for (int dim = 0; dim < rank(); dim++) {
      index = index * extent.get(dim) + (at.get(dim) - start.get(dim));
    }
    return index;
  }

  /// Whether `part`, a region in this one, is in one piece when this one is stored row-major.
  boolean holdsInOnePiece(Region part) {
    int dim = rank() - 1;
    while (dim >= 0 && part.extent.get(dim).equals(extent.get(dim))) {
      dim--;
    }
    return part.extent.subList(0, Math.max(0, dim)).stream().allMatch(size -> size == 1);
  }

  /// The first place behind the region.
  long end(int dim) {
    return start.get(dim) + extent.get(dim);
  }

  /// For example `[0, 64]+[8, 64]`.
  @Override
  public String toString() {
    return start + "+" + extent;
  }
}
