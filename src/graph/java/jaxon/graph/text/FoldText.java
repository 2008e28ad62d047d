package jaxon.graph.text;

import java.math.BigInteger;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Writes the ops that sum: dot_general and reduce.
///
/// StableHLO leaves the precision of 16-bit sums to the compiler; Jaxon asks for float32 sums
/// rounded once, so the text sums in float32 and converts.
final class FoldText {
  private FoldText() {}

  static String write(ContractOp.DotGeneral op, Equation equation, FunctionText out) {
    TensorType result = equation.output().type();
    TensorType lhs = equation.inputs().get(0).type();
    TensorType rhs = equation.inputs().get(1).type();
    TensorType sum = result.withDType(accumulator(lhs.dtype(), op.result()));
    StringBuilder text = new StringBuilder(op.opName());
    text.append(' ').append(out.names(equation.inputs()));
    if (!op.lhsBatch().isEmpty()) {
      text.append(", batching_dims = ").append(pair(op.lhsBatch(), op.rhsBatch()));
    }
    text.append(", contracting_dims = ").append(pair(op.lhsContract(), op.rhsContract()));
    // Accelerators would round wide operands to fewer bits; products of 16-bit floats are exact.
    String precision = lhs.dtype().bits() > 16 && lhs.dtype().isFloat() ? "HIGHEST" : "DEFAULT";
    text.append(", precision = ").append(Spelling.list(List.of(precision, precision)));
    text.append(" : (").append(Spelling.types(List.of(lhs, rhs))).append(") -> ");
    text.append(Spelling.type(sum));
    return ElementwiseText.converted(out.emit(text.toString()), sum, op.result(), out);
  }

  private static String pair(List<Integer> lhs, List<Integer> rhs) {
    return Spelling.list(lhs) + " x " + Spelling.list(rhs);
  }

  /// The dtype to sum in: the wider of operand and result, at least 32 bits for floats, 64 for
  /// integers that become floats.
  private static DType accumulator(DType operand, DType result) {
    if (operand.isInteger() && result.isFloat()) {
      return operand.isUnsigned() ? DType.UI64 : DType.I64;
    }
    return widened(
        operand.isFloat() != result.isFloat() || operand.bits() > result.bits() ? operand : result);
  }

  /// The dtype to sum values of `dtype` in.
  static DType widened(DType dtype) {
    return dtype == DType.BF16 || dtype == DType.F16 ? DType.F32 : dtype;
  }

  static String write(ReduceOp.Reduce op, Equation equation, FunctionText out) {
    TensorType given = equation.inputs().getFirst().type();
    DType dtype = sums(op.kind()) ? widened(given.dtype()) : given.dtype();
    TensorType type = given.withDType(dtype);
    String name = out.name(equation.inputs().getFirst());
    String operand = ElementwiseText.converted(name, given, dtype, out);
    String init = neutral(op.kind(), dtype, out);
    TensorType result = equation.output().type().withDType(dtype);
    String text =
        "stablehlo.reduce(%s init: %s) applies stablehlo.%s across dimensions = %s : (%s) -> %s"
            .formatted(
                operand,
                init,
                combiner(op.kind()),
                Spelling.list(op.dims()),
                Spelling.types(List.of(type, type.withShape(Shape.SCALAR))),
                Spelling.type(result));
    return ElementwiseText.converted(out.emit(text), result, given.dtype(), out);
  }

  static boolean sums(ReduceOp.Kind kind) {
    return kind == ReduceOp.Kind.SUM || kind == ReduceOp.Kind.PRODUCT;
  }

  static String combiner(ReduceOp.Kind kind) {
    return switch (kind) {
      case SUM -> "add";
      case PRODUCT -> "multiply";
      case MAX -> "maximum";
      case MIN -> "minimum";
      case AND -> "and";
      case OR -> "or";
    };
  }

  private static String neutral(ReduceOp.Kind kind, DType dtype, FunctionText out) {
    return switch (kind) {
      case SUM, OR -> ElementwiseText.scalar(dtype, 0, out);
      case PRODUCT, AND -> ElementwiseText.scalar(dtype, 1, out);
      case MAX -> bound(dtype, true, out);
      case MIN -> bound(dtype, false, out);
    };
  }

  /// The least or greatest value of the dtype.
  private static String bound(DType dtype, boolean least, FunctionText out) {
    if (dtype.isFloat()) {
      double infinity = least ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      return ElementwiseText.scalar(dtype, infinity, out);
    }
    BigInteger span = BigInteger.ONE.shiftLeft(dtype.bits() - 1);
    BigInteger low = dtype.isUnsigned() ? BigInteger.ZERO : span.negate();
    BigInteger high = (dtype.isUnsigned() ? span.shiftLeft(1) : span).subtract(BigInteger.ONE);
    TensorType type = new TensorType(dtype, Shape.SCALAR);
    return out.emit(
        "stablehlo.constant dense<" + (least ? low : high) + "> : " + Spelling.type(type));
  }
}
