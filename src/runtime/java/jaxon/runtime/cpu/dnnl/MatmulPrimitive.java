package jaxon.runtime.cpu.dnnl;

import java.util.ArrayList;
import java.util.List;

/// A matrix product that oneDNN has compiled for one shape and layout; lives as long as the
/// process.
///
/// @param descriptor oneDNN's description of it, which owns the memory descriptors
/// @param operands memory descriptors of the matrices that post operations read, in order
/// @param implementation oneDNN's name of the kernel
record MatmulPrimitive(
    Key key, long descriptor, long primitive, List<Long> operands, String implementation) {

  /// What a compiled kernel depends on.
  ///
  /// @param spec without batch dims, strides canonical
  /// @param isPacked whether the right matrix lies as oneDNN likes it best
  record Key(MatmulSpec spec, boolean isPacked) {}

  static MatmulPrimitive compile(Key key) {
    DnnlApi.useOneThread();
    MatmulSpec spec = key.spec;
    long a = DnnlApi.descriptor(spec.m(), spec.k(), spec.a());
    long b =
        key.isPacked
            ? DnnlApi.anyDescriptor(spec.k(), spec.n(), spec.b().dtype())
            : DnnlApi.descriptor(spec.k(), spec.n(), spec.b());
    long c = DnnlApi.descriptor(spec.m(), spec.n(), spec.c());
    List<Long> operands = operands(spec);
    try {
      long descriptor =
          DnnlApi.matmul(
              a,
              b,
              c,
              spec.accumulate(),
              spec.postOps().steps(),
              operands.stream().mapToLong(Long::longValue).toArray());
      String implementation = DnnlApi.implementation(descriptor);
      if (implementation.startsWith("ref")) {
        DnnlApi.destroyPrimitiveDescriptor(descriptor);
        throw new UnsupportedOperationException("oneDNN has only a reference for " + spec);
      }
      return new MatmulPrimitive(
          key, descriptor, DnnlApi.primitive(descriptor), operands, implementation);
    } finally {
      DnnlApi.destroyDescriptor(a);
      DnnlApi.destroyDescriptor(b);
      DnnlApi.destroyDescriptor(c);
    }
  }

  private static List<Long> operands(MatmulSpec spec) {
    List<Long> operands = new ArrayList<>();
    for (PostOp step : spec.postOps().steps()) {
      if (step instanceof PostOp.Binary binary) {
        MatrixLayout layout = binary.operand();
        long rows = layout.rowStride() == 0 ? 1 : spec.m();
        long columns = layout.columnStride() == 0 ? 1 : spec.n();
        operands.add(DnnlApi.descriptor(rows, columns, layout.canonical(rows, columns)));
      }
    }
    return operands;
  }

  /// Bytes of scratch memory that a run needs.
  long scratchBytes() {
    return DnnlApi.size(DnnlApi.query(descriptor, DnnlApi.QUERY_SCRATCHPAD));
  }

  /// Bytes of the right matrix as this kernel reads it.
  long weightBytes() {
    return DnnlApi.size(DnnlApi.query(descriptor, DnnlApi.QUERY_WEIGHTS));
  }
}
