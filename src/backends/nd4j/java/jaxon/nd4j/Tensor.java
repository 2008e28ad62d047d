package jaxon.nd4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.type.DType;

/// A view linked to memory: what kernels work on.
final class Tensor {
  private final View view;
  private final Anchor anchor;
  private final long distance;
  private final Map<List<Long>, NativeArray> arrays = new HashMap<>();

  /// @param distance bytes from the anchor to the slot's first byte
  Tensor(View view, Anchor anchor, long distance) {
    this.view = view;
    this.anchor = anchor;
    this.distance = distance + view.offset() * view.dtype().bytes();
  }

  View view() {
    return view;
  }

  DType dtype() {
    return view.dtype();
  }

  /// Address of the first element at this moment.
  long address() {
    return anchor.address() + distance;
  }

  /// The tensor, which is dense but for repeated dims, as an ND4J array of `dims`.
  ///
  /// `dims` is the shape after merging dims that all operands of a kernel walk alike.
  NativeArray array(List<Long> dims) {
    return arrays.computeIfAbsent(
        dims,
        wanted -> {
          NativeArray array = new NativeArray(view.dtype(), wanted, address());
          anchor.follow(array);
          return array;
        });
  }

  /// The dense tensor as one row of all its elements.
  NativeArray flat() {
    return array(List.of(view.elements()));
  }
}
