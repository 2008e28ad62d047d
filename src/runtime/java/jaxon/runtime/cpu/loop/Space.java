package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.type.Shape;

/// The index space of a loop: the sizes of its dims (none of them 1), how many of them are rows,
/// and per dim the points where it is cut because other code runs on either side.
record Space(List<Long> sizes, int rows, List<SortedSet<Long>> cuts) {
  Space {
    sizes = List.copyOf(sizes);
    cuts = List.copyOf(cuts);
  }

  /// The space of a loop of `shape` whose leading `rowDims` dims are rows.
  static Space of(Shape shape, int rowDims) {
    List<Long> sizes = new ArrayList<>();
    int rows = 0;
    for (int dim = 0; dim < shape.rank(); dim++) {
      if (shape.dim(dim) != 1) {
        sizes.add(shape.dim(dim));
        rows += dim < rowDims ? 1 : 0;
      }
    }
    return uncut(sizes, rows);
  }

  private static Space uncut(List<Long> sizes, int rows) {
    List<SortedSet<Long>> cuts = new ArrayList<>();
    sizes.forEach(_ -> cuts.add(new TreeSet<>()));
    return new Space(sizes, rows, cuts);
  }

  int dims() {
    return sizes.size();
  }

  long rowCount() {
    return product(0, rows);
  }

  long columnCount() {
    return product(rows, dims());
  }

  private long product(int from, int to) {
    return sizes.subList(from, to).stream().reduce(1L, Math::multiplyExact);
  }

  /// The row-major number of the index among the dims `from` to below `to`.
  Affine linear(int from, int to) {
    long[] strides = new long[dims()];
    long stride = 1;
    for (int k = to - 1; k >= from; k--) {
      strides[k] = stride;
      stride *= sizes.get(k);
    }
    return Affine.of(0, strides);
  }

  /// This space with dim `dim` as two, the second of size `inner`; cuts are forgotten.
  Space split(int dim, long inner) {
    List<Long> split = new ArrayList<>(sizes);
    split.set(dim, sizes.get(dim) / inner);
    split.add(dim + 1, inner);
    return uncut(split, dim < rows ? rows + 1 : rows);
  }

  /// This space with other code below and from index `at` of dim `dim`.
  Space cut(int dim, long at) {
    List<SortedSet<Long>> added = new ArrayList<>();
    cuts.forEach(old -> added.add(new TreeSet<>(old)));
    added.get(dim).add(at);
    return new Space(sizes, rows, added);
  }

  /// The pieces between the cuts of the dims `from` to below `to`, in order; all other dims whole.
  List<Box> boxes(int from, int to) {
    List<Box> boxes = new ArrayList<>();
    boxes.add(new Box(sizes.stream().map(_ -> 0L).toList(), sizes));
    for (int dim = from; dim < to; dim++) {
      List<Box> finer = new ArrayList<>();
      for (Box box : boxes) {
        long start = 0;
        for (long end : ends(dim)) {
          finer.add(within(box, dim, start, end));
          start = end;
        }
      }
      boxes = finer;
    }
    return boxes;
  }

  private List<Long> ends(int dim) {
    List<Long> ends = new ArrayList<>(cuts.get(dim));
    ends.add(sizes.get(dim));
    return ends;
  }

  private static Box within(Box box, int dim, long from, long to) {
    List<Long> starts = new ArrayList<>(box.starts());
    List<Long> ends = new ArrayList<>(box.ends());
    starts.set(dim, from);
    ends.set(dim, to);
    return new Box(starts, ends);
  }
}
