package jaxon.graph.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A static tensor shape: the sizes of its dims, slowest-varying first.
public final class Shape {
  /// The shape of a scalar: rank 0, one element.
  public static final Shape SCALAR = new Shape(new long[0]);

  private final long[] dims;
  private final long elements;

  private Shape(long[] dims) {
    this.dims = dims;
    long product = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw new ShapeException("a dim must be >= 0, got " + dim + " in " + Arrays.toString(dims));
      }
      product = Math.multiplyExact(product, dim);
    }
    this.elements = product;
  }

  /// A shape with the given dim sizes, each >= 0.
  public static Shape of(long... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// A shape with the given dim sizes, each >= 0.
  public static Shape of(List<Long> dims) {
    return of(dims.stream().mapToLong(Long::longValue).toArray());
  }

  /// Number of dims.
  public int rank() {
    return dims.length;
  }

  /// Size of dim `index`; a negative index counts from the end.
  public long dim(int index) {
    return dims[dimIndex(index)];
  }

  /// The non-negative dim number of `index`, which may count from the end.
  public int dimIndex(int index) {
    int resolved = index < 0 ? index + dims.length : index;
    if (resolved < 0 || resolved >= dims.length) {
      throw new ShapeException(
          "dim "
              + index
              + " of shape "
              + this
              + ": allowed are "
              + -dims.length
              + ".."
              + (dims.length - 1));
    }
    return resolved;
  }

  /// Number of elements; 1 for a scalar, 0 when a dim is 0.
  public long elements() {
    return elements;
  }

  /// The dim sizes as a fresh array.
  public long[] toArray() {
    return dims.clone();
  }

  /// The dim sizes as an immutable list.
  public List<Long> toList() {
    return Arrays.stream(dims).boxed().toList();
  }

  /// Row-major strides in elements.
  public long[] strides() {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /// This shape with dim `index` set to `size`.
  public Shape with(int index, long size) {
    long[] copy = dims.clone();
    copy[dimIndex(index)] = size;
    return new Shape(copy);
  }

  /// This shape with a new dim of `size` before dim `index` (0..rank).
  public Shape insert(int index, long size) {
    if (index < 0 || index > dims.length) {
      throw new ShapeException(
          "a new dim of shape " + this + " at " + index + ": allowed are 0.." + dims.length);
    }
    List<Long> list = new ArrayList<>(toList());
    list.add(index, size);
    return of(list);
  }

  /// This shape without the given dims.
  public Shape without(List<Integer> removed) {
    List<Long> kept = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      if (!removed.contains(i)) {
        kept.add(dims[i]);
      }
    }
    return of(kept);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /// For example `[8, 128]`; a scalar is `[]`.
  @Override
  public String toString() {
    return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
