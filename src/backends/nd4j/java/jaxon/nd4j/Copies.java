package jaxon.nd4j;

import java.util.List;

/// Copies between views of one shape and dtype.
final class Copies {
  private Copies() {}

  /// The kernel that copies `source` to `target`; both have elements.
  static Kernel link(Linkage linkage, View source, View target) {
    Tensor from = linkage.tensor(source);
    Tensor to = linkage.tensor(target);
    if (isRowBroadcast(source, target)) {
      return ElementwiseLowering.assign(linkage, source, target);
    }
    StridedCopy copy = StridedCopy.of(source, target, linkage.engine().workers());
    return () -> copy.run(from.address(), to.address());
  }

  /// The kernel that sets every element of `target`, a dense view, to the scalar `value`.
  static Kernel fill(Linkage linkage, View value, View target) {
    return link(linkage, value.broadcast(target.shape(), List.of()), target);
  }

  /// True when ND4J's broadcasting copy can do it, which is faster than a strided walk.
  private static boolean isRowBroadcast(View source, View target) {
    boolean repeats = false;
    for (int i = 0; i < source.shape().rank(); i++) {
      repeats |= source.stride(i) == 0 && source.dim(i) > 1;
    }
    return repeats && target.isDense() && source.squeezed().isDense();
  }
}
