package jaxon.runtime.cpu;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.BoolLoops;
import jaxon.runtime.kernel.FloatLoops;
import jaxon.runtime.kernel.HostLoop.ChunkKernel;
import jaxon.runtime.kernel.IntLoops;
import jaxon.runtime.kernel.RowExtreme;
import jaxon.runtime.kernel.Rows;
import jaxon.runtime.kernel.Selection;
import jaxon.runtime.kernel.WideFold;
import jaxon.runtime.kernel.WideLoops;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.lower.OpLowerings;
import jaxon.runtime.lower.ReduceLowering;
import jaxon.runtime.program.View;

/// What runs for the ops that no fused kernel took: loops in plain Java, for every op and dtype.
final class CpuLowerings implements OpLowerings {
  private final CompositeLowering composites;

  CpuLowerings(CompositeLowering composites) {
    this.composites = composites;
  }

  @Override
  public View elementwise(Lowering lowering, Op op, List<View> operands, TensorType type) {
    DType dtype = operands.getLast().dtype();
    return switch (op) {
      case UnaryOp unary -> lowering.loop(operands, type, unary(unary, dtype));
      case BinaryOp binary -> lowering.loop(operands, type, binary(binary, dtype));
      case ElementwiseOp.Compare compare ->
          lowering.loop(operands, type, WideLoops.compare(compare.direction(), dtype));
      case ElementwiseOp.Select _ ->
          lowering.loop(operands, type, Selection.of(type.dtype().bytes()));
      case ElementwiseOp.Clamp _ -> {
        List<View> bounded = List.of(operands.get(1), operands.get(0));
        View atLeast = lowering.elementwise(BinaryOp.MAXIMUM, bounded, type);
        yield lowering.elementwise(BinaryOp.MINIMUM, List.of(atLeast, operands.get(2)), type);
      }
      case ElementwiseOp.Convert _ ->
          lowering.loop(operands, type, WideLoops.convert(dtype, type.dtype()));
      default -> throw new IllegalArgumentException(op.opName() + " is not elementwise");
    };
  }

  private static ChunkKernel unary(UnaryOp op, DType dtype) {
    if (dtype == DType.F32 && (op == UnaryOp.SQRT || op == UnaryOp.RSQRT || op == UnaryOp.SIGN)) {
      return FloatLoops.unary(op);
    }
    return dtype == DType.I1 && op == UnaryOp.NOT ? BoolLoops::not : WideLoops.unary(op, dtype);
  }

  private static ChunkKernel binary(BinaryOp op, DType dtype) {
    if (dtype == DType.F32 && FloatLoops.isArithmetic(op)) {
      return FloatLoops.arithmetic(op);
    }
    if (dtype == DType.F32 && FloatLoops.has(op)) {
      return FloatLoops.binary(op);
    }
    if ((dtype == DType.I32 || dtype == DType.UI32) && IntLoops.has(op)) {
      return IntLoops.binary(op);
    }
    return WideLoops.binary(op, dtype);
  }

  @Override
  public View reduce(
      Lowering lowering, ReduceOp.Reduce reduce, View x, List<Integer> kept, TensorType type) {
    boolean isExtreme =
        x.dtype() == DType.F32
            && (reduce.kind() == ReduceOp.Kind.MAX || reduce.kind() == ReduceOp.Kind.MIN);
    Rows.Fold fold =
        isExtreme
            ? new RowExtreme(reduce.kind() == ReduceOp.Kind.MAX)
            : WideFold.of(reduce.kind(), x.dtype());
    return ReduceLowering.rows(lowering, x, kept, reduce.dims(), type, fold);
  }

  @Override
  public View dot(Lowering lowering, Equation equation, DotGeneral dot, List<View> operands) {
    return CpuDot.lower(
        lowering, dot, operands, equation.output().type(), composites.workers().threads());
  }

  @Override
  public boolean composite(Lowering lowering, Equation equation, ControlOp.Composite composite) {
    return composites.lower(lowering, equation, composite);
  }
}
