package jaxon.checkpoint.pytorch;

import java.util.Arrays;
import java.util.List;
import jaxon.checkpoint.CheckpointException;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// A view of a storage's elements.
///
/// @param offset the element of the storage that the first one of the tensor is
/// @param strides how many elements apart in the storage neighbours are, per dim
record TorchTensor(Pickled.Storage storage, long offset, Shape shape, List<Long> strides) {
  private static final int MOST_RANK = 16;

  /// A view whose numbers come from a pickle.
  ///
  /// It has no more elements than its storage: a small file cannot mean a large tensor.
  ///
  /// @throws CheckpointException if it is not within its storage
  static TorchTensor of(
      String file, Pickled.Storage storage, long offset, long[] sizes, long[] strides) {
    String what =
        "%s: a tensor of shape %s with strides %s from element %,d on"
            .formatted(file, Arrays.toString(sizes), Arrays.toString(strides), offset);
    if (sizes.length != strides.length || sizes.length > MOST_RANK || offset < 0) {
      throw CheckpointException.usage(
          "%s is none: it should have as many strides as dims, %d at most, and begin at 0 or later"
              .formatted(what, MOST_RANK));
    }
    try {
      long elements = 1;
      long last = offset;
      for (int d = 0; d < sizes.length; d++) {
        if (sizes[d] < 0 || strides[d] < 0) {
          throw CheckpointException.usage(what + " is none: sizes and strides are 0 or more");
        }
        elements = Math.multiplyExact(elements, sizes[d]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[d] - 1), strides[d]));
      }
      if (elements > storage.elements() || (elements > 0 && last >= storage.elements())) {
        throw CheckpointException.usage(
            "%s is not within its storage '%s', which has %,d elements"
                .formatted(what, storage.key(), storage.elements()));
      }
    } catch (ArithmeticException e) {
      throw CheckpointException.usage(what + " is beyond any memory", e);
    }
    List<Long> all = Arrays.stream(strides).boxed().toList();
    return new TorchTensor(storage, offset, Shape.of(sizes), all);
  }

  TensorType type() {
    return new TensorType(storage.dtype(), shape);
  }
}
