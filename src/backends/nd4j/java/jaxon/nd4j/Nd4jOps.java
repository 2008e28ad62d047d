package jaxon.nd4j;

import java.util.List;
import jaxon.runtime.program.Kernel;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.OpaqueContext;
import org.nd4j.nativeblas.OpaqueDataBuffer;

/// Prebuilt calls into ND4J's native library.
///
/// The entry points below ND4J's Java API are used: the same kernels with a hundredth of the
/// dispatch cost. Arrays passed here are kept reachable by the kernels made.
final class Nd4jOps {
  private static final @Nullable PointerPointer<?> NO_EXTRAS = null;

  private final NativeOps ops;

  Nd4jOps(NativeOps ops) {
    this.ops = ops;
  }

  /// The kinds of ND4J's unary kernels, which are numbered within each kind.
  enum TransformKind {
    /// Any type to the same type.
    SAME,
    /// Float to the same float type.
    STRICT,
    /// Any type to float.
    FLOAT,
    /// Any type to any other; number 0 converts.
    ANY
  }

  /// A unary kernel of ND4J.
  record Transform(TransformKind kind, int number) {
    /// Copies with conversion to the result's type.
    static final Transform ASSIGN = new Transform(TransformKind.ANY, 0);
  }

  Kernel transform(Transform transform, NativeArray x, NativeArray z) {
    int number = transform.number();
    TransformCall call =
        switch (transform.kind()) {
          case SAME -> ops::execTransformSame;
          case STRICT -> ops::execTransformStrict;
          case FLOAT -> ops::execTransformFloat;
          case ANY -> ops::execTransformAny;
        };
    return () -> {
      call.run(
          NO_EXTRAS,
          number,
          x.buffer(),
          x.shapeInfo(),
          null,
          z.buffer(),
          z.shapeInfo(),
          null,
          null);
      check();
    };
  }

  /// The signature that ND4J's unary entry points share; device shapes and extra arguments are null
  /// on the CPU.
  private interface TransformCall {
    void run(
        @Nullable PointerPointer<?> extras,
        int number,
        OpaqueDataBuffer x,
        LongPointer xShape,
        @Nullable LongPointer xDeviceShape,
        OpaqueDataBuffer z,
        LongPointer zShape,
        @Nullable LongPointer zDeviceShape,
        @Nullable Pointer arguments);
  }

  /// An operation of ND4J by name, for example `add`, which broadcasts as NumPy does.
  CustomOp custom(String name, List<NativeArray> inputs, NativeArray output) {
    long hash = hash(name);
    OpaqueContext context = ops.createGraphContext(1);
    for (int i = 0; i < inputs.size(); i++) {
      NativeArray input = inputs.get(i);
      ops.setGraphContextInputBuffer(context, i, input.buffer(), input.shapeInfo(), null);
    }
    ops.setGraphContextOutputBuffer(context, 0, output.buffer(), output.shapeInfo(), null);
    // The output's shape is known to be right: no shape inference at each run.
    ops.ctxShapeFunctionOverride(context, true);
    return new CustomOp(name, hash, context, List.copyOf(inputs), output);
  }

  private static long hash(String name) {
    CustomOpDescriptor descriptor = Nd4j.getExecutioner().getCustomOperations().get(name);
    if (descriptor == null) {
      throw new IllegalStateException("ND4J has no operation " + name);
    }
    return descriptor.getHash();
  }

  /// A prepared call; owns its native context.
  final class CustomOp implements Kernel, AutoCloseable {
    private final String name;
    private final long hash;
    private final OpaqueContext context;
    private final List<NativeArray> inputs;
    private final NativeArray output;

    private CustomOp(
        String name,
        long hash,
        OpaqueContext context,
        List<NativeArray> inputs,
        NativeArray output) {
      this.name = name;
      this.hash = hash;
      this.context = context;
      this.inputs = inputs;
      this.output = output;
    }

    @Override
    public void run() {
      int status = ops.execCustomOp2(NO_EXTRAS, hash, context);
      if (status != 0) {
        throw new IllegalStateException("ND4J " + this + ": " + ops.lastErrorMessage());
      }
    }

    @Override
    public void close() {
      ops.deleteGraphContext(context);
    }

    @Override
    public String toString() {
      return name + inputs + " -> " + output;
    }
  }

  private void check() {
    if (ops.lastErrorCode() != 0) {
      throw new IllegalStateException("ND4J: " + ops.lastErrorMessage());
    }
  }

  /// Sets how many threads ND4J's own loops use.
  void setThreads(int threads) {
    ops.setOmpNumThreads(threads);
  }
}
