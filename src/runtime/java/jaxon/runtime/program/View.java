package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// A tensor as a walk over a slot: element `(i, j, …)` lies at `offset + i·strides[0] + …`.
///
/// Stride 0 repeats an element (a broadcast that was never made); a negative stride walks
/// backwards.
///
/// @param offset in elements of `dtype`
/// @param strides in elements of `dtype`, one per dim
public record View(Slot slot, DType dtype, long offset, Shape shape, List<Long> strides) {
  public View {
    strides = List.copyOf(strides);
  }

  /// The whole of `slot` in row-major order.
  public static View dense(Slot slot, TensorType type) {
    return dense(slot, type.dtype(), 0, type.shape());
  }

  public static View dense(Slot slot, DType dtype, long offset, Shape shape) {
    return new View(slot, dtype, offset, shape, rowMajor(shape));
  }

  private static List<Long> rowMajor(Shape shape) {
    List<Long> strides = new ArrayList<>();
    for (long stride : shape.strides()) {
      strides.add(stride);
    }
    return strides;
  }

  /// How the view's elements lie from its first one on.
  public Layout layout() {
    return new Layout(dtype, shape, strides);
  }

  public TensorType type() {
    return new TensorType(dtype, shape);
  }

  public long elements() {
    return shape.elements();
  }

  public long dim(int index) {
    return shape.dim(index);
  }

  public long stride(int index) {
    return strides.get(index);
  }

  /// True when the elements lie one after the other in row-major order.
  public boolean isDense() {
    long expected = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      if (dim(i) != 1 && stride(i) != expected) {
        return elements() == 0;
      }
      expected *= dim(i);
    }
    return true;
  }

  /// True when this is all of the slot in row-major order, so that an elementwise result may
  /// replace it in place.
  public boolean isWhole() {
    return offset == 0 && isDense() && type().bytes() == slot.bytes();
  }

  /// True when dim `index` repeats one element.
  public boolean repeats(int index) {
    return stride(index) == 0 || dim(index) == 1;
  }

  /// True when all elements are one.
  boolean isScalar() {
    for (int i = 0; i < shape.rank(); i++) {
      if (!repeats(i)) {
        return false;
      }
    }
    return true;
  }

  /// This view with every dim that repeats cut to size 1.
  public View squeezed() {
    List<Long> dims = new ArrayList<>(shape.toList());
    for (int i = 0; i < dims.size(); i++) {
      if (stride(i) == 0 && dims.get(i) > 1) {
        dims.set(i, 1L);
      }
    }
    return new View(slot, dtype, offset, Shape.of(dims), strides);
  }

  /// This view cut to a shape that is equal, or 1 in dims that repeat.
  public View cutTo(Shape target) {
    return new View(slot, dtype, offset, target, strides);
  }

  /// A view whose dims of size 1 repeat as far as `target` says.
  public View expandedTo(Shape target) {
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < target.rank(); i++) {
      result.add(dim(i) == 1 ? 0L : stride(i));
    }
    return new View(slot, dtype, offset, target, result);
  }

  /// StableHLO's broadcast_in_dim.
  public View broadcast(Shape target, List<Integer> dims) {
    List<Long> result = new ArrayList<>(Collections.nCopies(target.rank(), 0L));
    for (int i = 0; i < dims.size(); i++) {
      result.set(dims.get(i), dim(i) == 1 ? 0L : stride(i));
    }
    return new View(slot, dtype, offset, target, result);
  }

  public View transposed(List<Integer> permutation) {
    List<Long> dims = permutation.stream().map(i -> dim(i)).toList();
    List<Long> result = permutation.stream().map(i -> stride(i)).toList();
    return new View(slot, dtype, offset, Shape.of(dims), result);
  }

  /// StableHLO's slice.
  public View sliced(List<Long> start, List<Long> limit, List<Long> step) {
    long at = offset;
    List<Long> dims = new ArrayList<>();
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      at += start.get(i) * stride(i);
      dims.add((limit.get(i) - start.get(i) + step.get(i) - 1) / step.get(i));
      result.add(stride(i) * step.get(i));
    }
    return new View(slot, dtype, at, Shape.of(dims), result);
  }

  /// The window of `sizes` that starts at `start`.
  public View window(List<Long> start, List<Long> sizes) {
    List<Long> limit = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      limit.add(start.get(i) + sizes.get(i));
    }
    return sliced(start, limit, Collections.nCopies(sizes.size(), 1L));
  }

  public View reversed(List<Integer> dims) {
    long at = offset;
    List<Long> result = new ArrayList<>(strides);
    for (int dim : dims) {
      at += Math.max(0, dim(dim) - 1) * stride(dim);
      result.set(dim, -stride(dim));
    }
    return new View(slot, dtype, at, shape, result);
  }

  /// The same bits as another dtype of the same width.
  public View bitcast(DType other) {
    return new View(slot, other, offset, shape, strides);
  }

  /// The same elements in row-major order under another shape, if no copy is needed.
  public Optional<View> reshaped(Shape target) {
    if (isDense()) {
      return Optional.of(dense(slot, dtype, offset, target));
    }
    return Reshaping.strides(this, target)
        .map(found -> new View(slot, dtype, offset, target, found));
  }
}
