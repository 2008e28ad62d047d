package jaxon.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.nd4j.Nd4jOps.Transform;
import jaxon.runtime.kernel.BoolLoops;
import jaxon.runtime.kernel.FloatLoops;
import jaxon.runtime.kernel.IntLoops;
import jaxon.runtime.kernel.Selection;
import jaxon.runtime.kernel.Walk;
import jaxon.runtime.lower.Fallback;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.View;

/// Elementwise ops: on ND4J, as a loop of ours, through float32, or on the interpreter.
///
/// A broadcast of one operand is folded into the kernel.
final class Nd4jElementwise {
  private Nd4jElementwise() {}

  static View compute(Lowering lowering, Op op, List<View> operands, TensorType type) {
    DType dtype = operands.getLast().dtype();
    return switch (op) {
      case UnaryOp unary -> unary(lowering, unary, operands, type);
      case BinaryOp binary -> binary(lowering, binary, operands, type);
      case ElementwiseOp.Compare compare -> {
        if (isNarrow(dtype)) {
          yield compute(lowering, op, widened(lowering, operands), type);
        }
        yield NativeTable.compare(compare.direction(), dtype)
            .map(name -> custom(lowering, name, operands, type))
            .orElseGet(() -> Fallback.one(lowering, op, operands, type));
      }
      case ElementwiseOp.Select _ -> lowering.loop(operands, type, Selection.of(dtype.bytes()));
      case ElementwiseOp.Clamp _ -> {
        List<View> lower = List.of(operands.get(1), operands.get(0));
        View atLeast = lowering.elementwise(BinaryOp.MAXIMUM, lower, type);
        yield lowering.elementwise(BinaryOp.MINIMUM, List.of(atLeast, operands.get(2)), type);
      }
      case ElementwiseOp.Convert _ -> convert(lowering, op, operands, type);
      default -> throw new IllegalArgumentException(op.opName() + " is not elementwise");
    };
  }

  private static View unary(Lowering lowering, UnaryOp op, List<View> operands, TensorType type) {
    DType dtype = operands.getFirst().dtype();
    if (isNarrow(dtype)) {
      return throughFloat32(lowering, op, operands, type);
    }
    Optional<Transform> transform = NativeTable.unary(op, dtype);
    if (transform.isPresent()) {
      return transform(lowering, transform.get(), operands.getFirst(), type);
    }
    if (dtype == DType.F32 && FloatLoops.has(op)) {
      return lowering.loop(operands, type, FloatLoops.unary(op));
    }
    if (dtype == DType.I1) {
      return lowering.loop(operands, type, BoolLoops::not);
    }
    return Fallback.one(lowering, op, operands, type);
  }

  private static View binary(Lowering lowering, BinaryOp op, List<View> operands, TensorType type) {
    Optional<String> name = NativeTable.binary(op, type.dtype());
    if (name.isPresent()) {
      return custom(lowering, name.get(), operands, type);
    }
    if (isNarrow(type.dtype()) && op != BinaryOp.REMAINDER) {
      return throughFloat32(lowering, op, operands, type);
    }
    if (type.dtype() == DType.F32 && FloatLoops.has(op)) {
      return lowering.loop(operands, type, FloatLoops.binary(op));
    }
    if (type.dtype() == DType.I1) {
      return lowering.loop(operands, type, BoolLoops.binary(op));
    }
    boolean is32 = type.dtype() == DType.I32 || type.dtype() == DType.UI32;
    if (is32 && IntLoops.has(op)) {
      return lowering.loop(operands, type, IntLoops.binary(op));
    }
    return Fallback.one(lowering, op, operands, type);
  }

  private static View convert(Lowering lowering, Op op, List<View> operands, TensorType type) {
    DType from = operands.getFirst().dtype();
    if (NativeTable.converts(from, type.dtype())) {
      return transform(lowering, Transform.ASSIGN, operands.getFirst(), type);
    }
    if (from == DType.I1 && isNarrow(type.dtype())) {
      View wide = lowering.converted(operands.getFirst(), DType.F32);
      return lowering.converted(wide, type.dtype());
    }
    return Fallback.one(lowering, op, operands, type);
  }

  private static boolean isNarrow(DType dtype) {
    return dtype == DType.BF16 || dtype == DType.F16;
  }

  private static List<View> widened(Lowering lowering, List<View> operands) {
    return operands.stream().map(lowering::widened).toList();
  }

  /// The op in float32, rounded to the 16-bit type; a predicate needs no rounding.
  private static View throughFloat32(
      Lowering lowering, Op op, List<View> operands, TensorType type) {
    DType wide = type.dtype() == DType.I1 ? DType.I1 : DType.F32;
    View result = lowering.elementwise(op, widened(lowering, operands), type.withDType(wide));
    return lowering.converted(result, type.dtype());
  }

  /// A unary kernel of ND4J.
  private static View transform(
      Lowering lowering, Transform transform, View operand, TensorType type) {
    View x = lowering.dense(operand);
    View z = lowering.fresh(type);
    lowering.emit(
        Action.of(
            List.of(x),
            z,
            InPlace.of(List.of(x), z),
            linkage ->
                Engine.get()
                    .nd4j()
                    .transform(
                        transform,
                        NativeArray.flat(linkage.tensor(x)),
                        NativeArray.flat(linkage.tensor(z)))));
    return z;
  }

  /// An operation of ND4J that broadcasts as NumPy does.
  private static View custom(Lowering lowering, String name, List<View> operands, TensorType type) {
    List<View> reads = operands.stream().map(lowering::denseButRepeats).toList();
    View z = lowering.fresh(type);
    lowering.emit(
        Action.of(
            reads, z, InPlace.of(reads, z), linkage -> customKernel(linkage, name, reads, z)));
    return z;
  }

  /// The kernel of an ND4J operation on views that are dense but for dims that repeat.
  private static Kernel customKernel(Linkage linkage, String name, List<View> reads, View z) {
    List<View> all = new ArrayList<>(reads);
    all.add(z);
    Walk walk = Walk.of(all);
    List<NativeArray> inputs = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      inputs.add(NativeArray.of(linkage.tensor(reads.get(i)), walk.broadcastDims(i)));
    }
    NativeArray output = NativeArray.of(linkage.tensor(z), walk.broadcastDims(reads.size()));
    Nd4jOps.CustomOp kernel = Engine.get().nd4j().custom(name, inputs, output);
    linkage.own(kernel);
    return kernel;
  }
}
