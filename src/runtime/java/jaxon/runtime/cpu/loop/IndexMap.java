package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;

/// Which element of a tensor is read at each index of a loop: one [Affine] per dim of the tensor.
record IndexMap(List<Affine> dims) {
  IndexMap {
    dims = List.copyOf(dims);
  }

  /// The one element of a scalar.
  static final IndexMap SCALAR = new IndexMap(List.of());

  /// `sum of strides[j] · index[j]`.
  Affine dot(List<Long> strides, int loopDims) {
    Affine sum = Affine.constant(loopDims, 0);
    for (int j = 0; j < dims.size(); j++) {
      sum = sum.plus(dims.get(j).times(strides.get(j)));
    }
    return sum;
  }

  /// The row-major number of the element in a tensor of `shape`.
  Affine linear(Shape shape, int loopDims) {
    List<Long> strides = new ArrayList<>();
    for (long stride : shape.strides()) {
      strides.add(stride);
    }
    return dot(strides, loopDims);
  }

  /// Where a broadcast's result element comes from.
  IndexMap ofBroadcast(ShapeOp.BroadcastInDim op, Shape operand, int loopDims) {
    List<Affine> mapped = new ArrayList<>();
    for (int j = 0; j < operand.rank(); j++) {
      boolean repeats = operand.dim(j) == 1;
      mapped.add(repeats ? Affine.constant(loopDims, 0) : dims.get(op.dims().get(j)));
    }
    return new IndexMap(mapped);
  }

  IndexMap ofTranspose(ShapeOp.Transpose op) {
    List<Affine> mapped = new ArrayList<>(Collections.nCopies(dims.size(), null));
    for (int j = 0; j < dims.size(); j++) {
      mapped.set(op.permutation().get(j), dims.get(j));
    }
    return new IndexMap(mapped);
  }

  IndexMap ofSlice(ShapeOp.Slice op) {
    List<Affine> mapped = new ArrayList<>();
    for (int j = 0; j < dims.size(); j++) {
      mapped.add(dims.get(j).times(op.strides().get(j)).plus(op.start().get(j)));
    }
    return new IndexMap(mapped);
  }

  IndexMap ofReverse(ShapeOp.Reverse op, Shape shape) {
    List<Affine> mapped = new ArrayList<>(dims);
    for (int j : op.dims()) {
      mapped.set(j, dims.get(j).times(-1).plus(shape.dim(j) - 1));
    }
    return new IndexMap(mapped);
  }

  /// This map with `distance` added to the index of dim `dim`.
  IndexMap moved(int dim, long distance) {
    List<Affine> mapped = new ArrayList<>(dims);
    mapped.set(dim, dims.get(dim).plus(distance));
    return new IndexMap(mapped);
  }
}
