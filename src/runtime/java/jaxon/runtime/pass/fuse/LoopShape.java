package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.type.Shape;

/// Shapes as walks in row-major order: dims of size 1 do not count, and neighbouring dims may be
/// seen as one.
record LoopShape(List<Long> dims) {
  LoopShape {
    dims = List.copyOf(dims);
  }

  static LoopShape of(Shape shape) {
    return new LoopShape(shape.toList().stream().filter(dim -> dim != 1).toList());
  }

  long elements() {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /// The shape that cuts wherever this or `other` cuts, if the two walks have one.
  ///
  /// `[2048, 320]` and `[8, 256, 320]` give `[8, 256, 320]`; `[4, 6]` and `[3, 8]` have none.
  Optional<LoopShape> refinedBy(LoopShape other) {
    if (elements() != other.elements()) {
      return Optional.empty();
    }
    List<Long> merged = new ArrayList<>();
    int mine = dims.size();
    int theirs = other.dims.size();
    long here = 1;
    long there = 1;
    while (mine > 0 || theirs > 0) {
      if (here == 1 && mine > 0) {
        here = dims.get(--mine);
      }
      if (there == 1 && theirs > 0) {
        there = other.dims.get(--theirs);
      }
      long cut = Math.min(here, there);
      if (cut <= 1 || here % cut != 0 || there % cut != 0) {
        return Optional.empty();
      }
      merged.addFirst(cut);
      here /= cut;
      there /= cut;
    }
    return Optional.of(new LoopShape(merged));
  }

  /// How many leading dims have `count` elements together, or -1 when no cut is there.
  int dimsOf(long count) {
    long product = 1;
    for (int i = 0; i < dims.size(); i++) {
      if (product == count) {
        return i;
      }
      product *= dims.get(i);
    }
    return product == count ? dims.size() : -1;
  }

  /// The size of the last dim; 1 for a scalar.
  long lastDim() {
    return dims.isEmpty() ? 1 : dims.getLast();
  }

  /// For example `8x256x512`.
  @Override
  public String toString() {
    return dims.isEmpty() ? "1" : String.join("x", dims.stream().map(String::valueOf).toList());
  }
}
