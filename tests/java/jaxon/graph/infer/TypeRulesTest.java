package jaxon.graph.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TypeRulesTest {
  private static final TensorType SCALAR = TensorType.of(DType.F32);
  private static final TensorType INDEX = TensorType.of(DType.I32);
  private static final TensorType BOOL = TensorType.of(DType.I1);
  private static final TensorType MATRIX = TensorType.of(DType.F32, 2, 3);
  private static final TensorType INTS = TensorType.of(DType.I32, 2, 3);

  private static List<TensorType> infer(Op op, TensorType... operands) {
    return TypeRules.infer(op, List.of(operands), List.of());
  }

  /// The message starts with what was asked, names the rule and ends with what was found.
  private static void assertRefused(Op op, String rule, TensorType... operands) {
    assertThatThrownBy(() -> infer(op, operands))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith(op.opName() + ": ")
        .hasMessageContaining(rule)
        .hasMessageEndingWith(
            "got ("
                + String.join(", ", List.of(operands).stream().map(Object::toString).toList())
                + ")");
  }

  @ParameterizedTest
  @EnumSource(UnaryOp.class)
  void unaryOpsTakeOneOperandOfAFittingDtype(UnaryOp op) {
    assertRefused(op, "takes 1 operands, not 2", MATRIX, MATRIX);
    switch (op) {
      case NOT -> {
        assertThat(infer(op, INTS)).containsExactly(INTS);
        assertRefused(op, "needs i1 or an integer dtype", MATRIX);
      }
      case ABS, NEGATE, SIGN -> {
        assertThat(infer(op, INTS)).containsExactly(INTS);
        assertRefused(op, "needs a number, not i1", BOOL);
      }
      default -> {
        TensorType result = op == UnaryOp.IS_FINITE ? MATRIX.withDType(DType.I1) : MATRIX;
        assertThat(infer(op, MATRIX)).containsExactly(result);
        assertRefused(op, "needs a float dtype", INTS);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BinaryOp.class)
  void binaryOpsTakeTwoOperandsOfOneType(BinaryOp op) {
    assertThat(infer(op, INTS, INTS)).containsExactly(INTS);
    assertRefused(op, "operands must have one type", INTS, INDEX);
    assertRefused(op, "takes 2 operands, not 1", INTS);
  }

  @Test
  void binaryOpsCheckDtypes() {
    assertRefused(BinaryOp.AND, "needs i1 or an integer", MATRIX, MATRIX);
    assertRefused(BinaryOp.SHIFT_LEFT, "needs an integer dtype", BOOL, BOOL);
    assertRefused(BinaryOp.ADD, "needs a number, not i1", BOOL, BOOL);
  }

  @Test
  void elementwise() {
    Op compare = new ElementwiseOp.Compare(ElementwiseOp.Direction.LT);
    assertThat(infer(compare, MATRIX, MATRIX)).containsExactly(MATRIX.withDType(DType.I1));
    Op select = new ElementwiseOp.Select();
    assertRefused(select, "needs dtype i1", MATRIX, MATRIX, MATRIX);
    assertRefused(select, "operands 0 and 1 must have one shape", BOOL, MATRIX, MATRIX);
    assertRefused(new ElementwiseOp.Clamp(), "one type", SCALAR, MATRIX, SCALAR);
    Op bitcast = new ElementwiseOp.BitcastConvert(DType.UI32);
    assertThat(infer(bitcast, MATRIX)).containsExactly(MATRIX.withDType(DType.UI32));
    assertRefused(bitcast, "to ui32 needs a dtype of the same width", TensorType.of(DType.BF16));
    assertRefused(new ElementwiseOp.BitcastConvert(DType.I1), "width", TensorType.of(DType.UI8));
  }

  @Test
  void sources() {
    Op iota = new SourceOp.Iota(MATRIX, 2);
    assertRefused(iota, "dim [2] must be distinct dims of [2, 3]");
    assertRefused(new SourceOp.Iota(TensorType.of(DType.I1, 2), 0), "needs a number, not i1");
    assertRefused(new SourceOp.Iota(MATRIX, 0), "takes 0 operands", SCALAR);
  }

  @Test
  void shapes() {
    assertRefused(
        new ShapeOp.BroadcastInDim(Shape.of(2, 4), List.of(0, 1)), "equal sizes or size 1", MATRIX);
    assertRefused(
        new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of(0, 0)), "must be distinct", MATRIX);
    assertRefused(new ShapeOp.Reshape(Shape.of(5)), "needs 5 elements", MATRIX);
    assertRefused(new ShapeOp.Transpose(List.of(0)), "must name every dim", MATRIX);
    assertRefused(new ShapeOp.Transpose(List.of(0, 0)), "must be distinct", MATRIX);
    assertRefused(new ShapeOp.Reverse(List.of(2)), "must be distinct dims of [2, 3]", MATRIX);
    List<Long> ones = List.of(1L, 1L);
    assertRefused(
        new ShapeOp.Slice(List.of(0L, 0L), List.of(2L, 4L), ones), "lie in the operand", MATRIX);
    assertRefused(
        new ShapeOp.Slice(List.of(0L, 2L), List.of(2L, 1L), ones), "lie in the operand", MATRIX);
    assertRefused(
        new ShapeOp.Slice(List.of(0L, 0L), ones, List.of(0L, 1L)), "lie in the operand", MATRIX);
    assertThat(infer(new ShapeOp.Slice(List.of(0L, 0L), List.of(2L, 3L), List.of(1L, 2L)), MATRIX))
        .containsExactly(TensorType.of(DType.F32, 2, 2));
    List<Long> zeros = List.of(0L, 0L);
    assertRefused(
        new ShapeOp.Pad(List.of(-3L, 0L), zeros, zeros), "not remove all", MATRIX, SCALAR);
    assertRefused(new ShapeOp.Pad(zeros, zeros, List.of(-1L, 0L)), ">= 0", MATRIX, SCALAR);
    assertRefused(new ShapeOp.Pad(zeros, zeros, zeros), "must be a scalar", MATRIX, INDEX);
    assertRefused(new ShapeOp.Concatenate(0), "all other dims", MATRIX, SCALAR);
    assertRefused(new ShapeOp.Concatenate(0), "takes at least one operand");
    assertRefused(new ReduceOp.Reduce(ReduceOp.Kind.OR, List.of(0)), "needs dtype i1", MATRIX);
    assertRefused(new ReduceOp.Reduce(ReduceOp.Kind.SUM, List.of(0, 0)), "distinct", MATRIX);
  }

  @Test
  void dots() {
    DotGeneral op = new DotGeneral(List.of(), List.of(), List.of(1), List.of(0), DType.F32);
    assertThat(infer(op, MATRIX, TensorType.of(DType.F32, 3, 5)))
        .containsExactly(TensorType.of(DType.F32, 2, 5));
    assertRefused(op, "contracting dims [1] x [0] must have equal sizes", MATRIX, MATRIX);
    assertRefused(op, "one dtype", MATRIX, TensorType.of(DType.BF16, 3, 5));
    DotGeneral twice = new DotGeneral(List.of(1), List.of(1), List.of(1), List.of(1), DType.F32);
    assertRefused(twice, "must be distinct", MATRIX, MATRIX);
  }

  @Test
  void dynamicSlices() {
    Op slice = new IndexOp.DynamicSlice(List.of(1L, 4L));
    assertRefused(slice, "a window of [1, 4] must fit into [2, 3]", MATRIX, INDEX, INDEX);
    assertRefused(slice, "takes 3 operands", MATRIX, INDEX);
    assertRefused(slice, "takes an operand number 0");
    assertRefused(
        new IndexOp.DynamicSlice(List.of(1L, 1L)), "must be scalar i32", MATRIX, INDEX, SCALAR);
    Op update = new IndexOp.DynamicUpdateSlice();
    assertRefused(update, "one dtype", MATRIX, INTS, INDEX, INDEX);
    assertRefused(update, "must fit", MATRIX, SCALAR, INDEX, INDEX);
  }

  @Test
  void gathers() {
    GatherDims rows = new GatherDims(List.of(1), List.of(0), List.of(), List.of(), List.of(0), 1);
    TensorType indices = TensorType.of(DType.I32, 7);
    Op gather = new IndexOp.Gather(rows, List.of(1L, 3L));
    assertThat(infer(gather, MATRIX, indices)).containsExactly(TensorType.of(DType.F32, 7, 3));
    assertRefused(gather, "indices must be integers", MATRIX, TensorType.of(DType.F32, 7));
    assertRefused(gather, "index vector dim out of range", MATRIX, INDEX);
    assertRefused(
        new IndexOp.Gather(rows, List.of(2L, 3L)), "must have slice size 1", MATRIX, indices);
    GatherDims far = new GatherDims(List.of(5), List.of(0), List.of(), List.of(), List.of(0), 1);
    assertRefused(
        new IndexOp.Gather(far, List.of(1L, 3L)), "offset dims of the result [5]", MATRIX, indices);
    GatherDims both = new GatherDims(List.of(), List.of(1), List.of(0), List.of(0), List.of(0), 1);
    assertRefused(
        new IndexOp.Gather(both, List.of(1L, 1L)),
        "start index map and batching dims [0, 0]",
        MATRIX,
        TensorType.of(DType.I32, 2));
    GatherDims vector =
        new GatherDims(List.of(), List.of(1), List.of(0), List.of(1), List.of(1), 1);
    GatherDims batch = new GatherDims(List.of(), List.of(1), List.of(0), List.of(0), List.of(1), 1);
    assertThat(
            infer(
                new IndexOp.Gather(batch, List.of(1L, 1L)), MATRIX, TensorType.of(DType.I32, 2, 1)))
        .containsExactly(TensorType.of(DType.F32, 2));
    assertRefused(
        new IndexOp.Gather(batch, List.of(1L, 1L)),
        "batching dims must have equal sizes",
        MATRIX,
        TensorType.of(DType.I32, 7, 1));
    assertRefused(
        new IndexOp.Gather(vector, List.of(1L, 1L)),
        "the index vector dim must not be a batching dim",
        TensorType.of(DType.F32, 1, 3),
        TensorType.of(DType.I32, 2, 1));
  }

  @Test
  void scatters() {
    GatherDims rows = new GatherDims(List.of(1), List.of(0), List.of(), List.of(), List.of(0), 1);
    Op scatter = new IndexOp.Scatter(rows, IndexOp.Combiner.ADD);
    TensorType indices = TensorType.of(DType.I32, 7);
    assertThat(infer(scatter, MATRIX, indices, TensorType.of(DType.F32, 7, 2)))
        .containsExactly(MATRIX);
    assertRefused(scatter, "must fit", MATRIX, indices, TensorType.of(DType.F32, 7, 4));
    assertRefused(scatter, "one dtype", MATRIX, indices, TensorType.of(DType.I32, 7, 3));
    assertRefused(
        scatter, "updates must have shape [7, 3]", MATRIX, indices, TensorType.of(DType.F32, 6, 3));
    GatherDims late = new GatherDims(List.of(2), List.of(0), List.of(), List.of(), List.of(0), 1);
    assertRefused(
        new IndexOp.Scatter(late, IndexOp.Combiner.ADD),
        "offset dims of the result [2]",
        MATRIX,
        indices,
        TensorType.of(DType.F32, 7, 1, 3));
  }

  @Test
  void sorts() {
    assertThat(infer(new IndexOp.Sort(1, false), MATRIX, INTS)).containsExactly(MATRIX, INTS);
    assertRefused(new IndexOp.Sort(0, false), "must have one shape", MATRIX, INDEX);
    assertRefused(new IndexOp.Sort(2, false), "must be distinct dims", MATRIX);
    assertRefused(new IndexOp.Sort(0, false), "at least one operand");
  }

  @Test
  void annotations() {
    Op constraint = new AnnotationOp.ShardingConstraint(LogicalAxes.of("embed"));
    assertRefused(constraint, "axes (embed) must name every dim", MATRIX);
    assertThat(infer(new AnnotationOp.OptimizationBarrier(), MATRIX, INDEX))
        .containsExactly(MATRIX, INDEX);
  }

  @Test
  void loops() {
    FunctionType condition = new FunctionType(List.of(SCALAR), List.of(BOOL));
    FunctionType body = new FunctionType(List.of(SCALAR), List.of(SCALAR));
    Op loop = new ControlOp.While();
    assertThat(TypeRules.infer(loop, List.of(SCALAR), List.of(condition, body)))
        .containsExactly(SCALAR);
    assertThatThrownBy(() -> TypeRules.infer(loop, List.of(SCALAR), List.of(body, body)))
        .hasMessageContaining("the condition must give [i1[]], gives [f32[]]");
    assertThatThrownBy(() -> TypeRules.infer(loop, List.of(SCALAR), List.of(condition, condition)))
        .hasMessageContaining("the body must give [f32[]], gives [i1[]]");
    assertThatThrownBy(() -> TypeRules.infer(loop, List.of(SCALAR), List.of()))
        .hasMessageContaining("takes 2 regions");
    assertThatThrownBy(() -> TypeRules.infer(loop, List.of(INDEX), List.of(condition, body)))
        .hasMessageContaining("the condition must take [i32[]], takes [f32[]]");
  }

  @Test
  void branchesAndCustomVjps() {
    FunctionType branch = new FunctionType(List.of(), List.of(SCALAR));
    assertThatThrownBy(() -> TypeRules.infer(new ControlOp.Case(), List.of(), List.of(branch)))
        .hasMessageContaining("the branch index must be a scalar i32");
    assertThatThrownBy(() -> TypeRules.infer(new ControlOp.Case(), List.of(INDEX), List.of()))
        .hasMessageContaining("at least one branch");
    FunctionType f = new FunctionType(List.of(SCALAR), List.of(SCALAR));
    FunctionType noResult = new FunctionType(List.of(SCALAR), List.of());
    assertThatThrownBy(() ->
            TypeRules.infer(new ControlOp.CustomVjp("f"), List.of(SCALAR), List.of(f, noResult, f)))
        .hasMessageContaining("the forward function must give [f32[]] and residuals");
    assertThatThrownBy(() ->
            TypeRules.infer(new ControlOp.CustomVjp("f"), List.of(SCALAR), List.of(f, f, noResult)))
        .hasMessageContaining("the backward function must give [f32[]]");
  }
}
