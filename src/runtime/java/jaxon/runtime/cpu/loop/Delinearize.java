package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Shape;

/// From the row-major number of an element to its index: the way through a reshape.
///
/// Within a box each term of the number, counted from its smallest value, must stay within one dim
/// of the tensor, and the terms of a dim together must not carry into the next. A term that spans
/// several dims asks for a finer loop.
final class Delinearize {
  private final Space space;
  private final Box box;
  private final long[] sizes;
  private final long[] strides;
  private final long[] offsets;
  private final long[][] coefficients;
  private final long[] largest;

  private Delinearize(Space space, Box box, Shape shape) {
    this.space = space;
    this.box = box;
    this.sizes = shape.toArray();
    this.strides = shape.strides();
    this.offsets = new long[sizes.length];
    this.coefficients = new long[sizes.length][space.dims()];
    this.largest = new long[sizes.length];
  }

  static IndexMap apply(Affine number, Shape shape, Space space, Box box) {
    return new Delinearize(space, box, shape).run(number);
  }

  private IndexMap run(Affine number) {
    long rest = number.min(box);
    for (int j = 0; j < sizes.length; j++) {
      offsets[j] = sizes[j] == 1 ? 0 : rest / strides[j];
      rest -= offsets[j] * strides[j];
      largest[j] = offsets[j];
    }
    for (int k = 0; k < number.dims(); k++) {
      if (number.coefficient(k) != 0 && box.size(k) > 1) {
        place(k, number.coefficient(k));
      }
    }
    List<Affine> dims = new ArrayList<>();
    for (int j = 0; j < sizes.length; j++) {
      if (largest[j] >= sizes[j]) {
        throw new UnsupportedLoopException(
            "reshape: index " + number + " carries between the dims of " + Shape.of(sizes));
      }
      dims.add(Affine.of(offsets[j], coefficients[j]));
    }
    return new IndexMap(dims);
  }

  /// Gives the term of loop dim `k` to the dim of the tensor that it walks along.
  private void place(int k, long coefficient) {
    long step = Math.abs(coefficient);
    int j = dimOf(step);
    long perIndex = step / strides[j];
    long extent = perIndex * (box.size(k) - 1);
    if (largest[j] + extent >= sizes[j]) {
      refine(k, j, perIndex);
    }
    largest[j] += extent;
    coefficients[j][k] = coefficient < 0 ? -perIndex : perIndex;
    // The offset so far is the value at the term's smallest; the affine form starts at index 0.
    offsets[j] -= coefficient < 0 ? -perIndex * (box.to(k) - 1) : perIndex * box.from(k);
  }

  private int dimOf(long step) {
    for (int j = 0; j < sizes.length; j++) {
      if (sizes[j] > 1 && strides[j] <= step && step % strides[j] == 0) {
        return j;
      }
    }
    throw new UnsupportedLoopException(
        "reshape: a step of " + step + " elements walks along no dim of " + Shape.of(sizes));
  }

  private void refine(int k, int j, long perIndex) {
    long inner = sizes[j] / perIndex;
    boolean splits =
        inner > 1
            && sizes[j] % perIndex == 0
            && inner < space.sizes().get(k)
            && space.sizes().get(k) % inner == 0;
    if (!splits) {
      throw new UnsupportedLoopException(
          "reshape: a loop dim of size "
              + space.sizes().get(k)
              + " cannot be split along the dims of "
              + Shape.of(sizes));
    }
    throw new RefineSpaceException(s -> s.split(k, inner));
  }
}
