package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// A traced tensor: each operation on it appends an equation to the graph being traced.
///
/// Binary operations take operands of one dtype and either equal shapes, or a scalar and any shape,
/// or equal ranks where dims of size 1 repeat. Neither dtypes nor ranks are promoted silently. Dim
/// arguments may be negative to count from the end.
public final class Array {
  private final @Nullable Tracer tracer;
  private final Var var;

  Array(@Nullable Tracer tracer, Var var) {
    this.tracer = tracer;
    this.var = var;
  }

  /// A leaf that has a type but no value: for tree templates that say what a program takes.
  public static Array placeholder(TensorType type) {
    return new Array(null, new Var(type));
  }

  Tracer tracer() {
    if (tracer == null) {
      throw new IllegalStateException(
          "a placeholder of type "
              + type()
              + " has no value: use it only as a template of a program's inputs");
    }
    return tracer;
  }

  Var var() {
    return var;
  }

  public TensorType type() {
    return var.type();
  }

  public DType dtype() {
    return var.type().dtype();
  }

  public Shape shape() {
    return var.type().shape();
  }

  public int rank() {
    return shape().rank();
  }

  /// Size of a dim.
  public long dim(int index) {
    return shape().dim(index);
  }

  // Elementwise, one operand.

  public Array abs() {
    return unary(UnaryOp.ABS);
  }

  public Array neg() {
    return unary(UnaryOp.NEGATE);
  }

  public Array exp() {
    return unary(UnaryOp.EXPONENTIAL);
  }

  public Array expm1() {
    return unary(UnaryOp.EXPONENTIAL_MINUS_ONE);
  }

  public Array log() {
    return unary(UnaryOp.LOG);
  }

  public Array log1p() {
    return unary(UnaryOp.LOG_PLUS_ONE);
  }

  public Array sqrt() {
    return unary(UnaryOp.SQRT);
  }

  public Array rsqrt() {
    return unary(UnaryOp.RSQRT);
  }

  public Array tanh() {
    return unary(UnaryOp.TANH);
  }

  /// 1 / (1 + exp(-x)).
  public Array logistic() {
    return unary(UnaryOp.LOGISTIC);
  }

  public Array erf() {
    return unary(UnaryOp.ERF);
  }

  public Array sin() {
    return unary(UnaryOp.SINE);
  }

  public Array cos() {
    return unary(UnaryOp.COSINE);
  }

  public Array floor() {
    return unary(UnaryOp.FLOOR);
  }

  public Array ceil() {
    return unary(UnaryOp.CEIL);
  }

  /// Rounds to the nearest integer, ties to even.
  public Array round() {
    return unary(UnaryOp.ROUND_NEAREST_EVEN);
  }

  public Array sign() {
    return unary(UnaryOp.SIGN);
  }

  public Array isFinite() {
    return unary(UnaryOp.IS_FINITE);
  }

  public Array not() {
    return unary(UnaryOp.NOT);
  }

  public Array square() {
    return mul(this);
  }

  // Elementwise, two operands.

  public Array add(Array other) {
    return binary(BinaryOp.ADD, other);
  }

  public Array add(double other) {
    return add(scalar(other));
  }

  public Array sub(Array other) {
    return binary(BinaryOp.SUBTRACT, other);
  }

  public Array sub(double other) {
    return sub(scalar(other));
  }

  public Array mul(Array other) {
    return binary(BinaryOp.MULTIPLY, other);
  }

  public Array mul(double other) {
    return mul(scalar(other));
  }

  public Array div(Array other) {
    return binary(BinaryOp.DIVIDE, other);
  }

  public Array div(double other) {
    return div(scalar(other));
  }

  public Array rem(Array other) {
    return binary(BinaryOp.REMAINDER, other);
  }

  public Array pow(Array other) {
    return binary(BinaryOp.POWER, other);
  }

  public Array pow(double other) {
    return pow(scalar(other));
  }

  public Array max(Array other) {
    return binary(BinaryOp.MAXIMUM, other);
  }

  public Array max(double other) {
    return max(scalar(other));
  }

  public Array min(Array other) {
    return binary(BinaryOp.MINIMUM, other);
  }

  public Array min(double other) {
    return min(scalar(other));
  }

  public Array and(Array other) {
    return binary(BinaryOp.AND, other);
  }

  public Array or(Array other) {
    return binary(BinaryOp.OR, other);
  }

  public Array xor(Array other) {
    return binary(BinaryOp.XOR, other);
  }

  public Array shiftLeft(Array other) {
    return binary(BinaryOp.SHIFT_LEFT, other);
  }

  public Array shiftRightLogical(Array other) {
    return binary(BinaryOp.SHIFT_RIGHT_LOGICAL, other);
  }

  public Array shiftRightArithmetic(Array other) {
    return binary(BinaryOp.SHIFT_RIGHT_ARITHMETIC, other);
  }

  public Array eq(Array other) {
    return compare(Direction.EQ, other);
  }

  public Array ne(Array other) {
    return compare(Direction.NE, other);
  }

  public Array lt(Array other) {
    return compare(Direction.LT, other);
  }

  public Array le(Array other) {
    return compare(Direction.LE, other);
  }

  public Array gt(Array other) {
    return compare(Direction.GT, other);
  }

  public Array ge(Array other) {
    return compare(Direction.GE, other);
  }

  /// `onTrue` where this `i1` tensor holds, else `onFalse`; operands broadcast as in binary
  /// operations.
  public Array select(Array onTrue, Array onFalse) {
    Shape shape = Broadcasting.common("select", this, onTrue, onFalse);
    return apply(
        new ElementwiseOp.Select(),
        Broadcasting.to(this, shape),
        Broadcasting.to(onTrue, shape),
        Broadcasting.to(onFalse, shape));
  }

  /// The values converted to `dtype`; no equation when that is the dtype already.
  public Array astype(DType dtype) {
    return dtype == dtype() ? this : apply(new ElementwiseOp.Convert(dtype), this);
  }

  /// The bits reinterpreted as `dtype`, which has the same width.
  public Array bitcast(DType dtype) {
    return apply(new ElementwiseOp.BitcastConvert(dtype), this);
  }

  // Shape.

  public Array reshape(long... dims) {
    return reshape(Shape.of(dims));
  }

  public Array reshape(Shape shape) {
    return shape.equals(shape()) ? this : apply(new ShapeOp.Reshape(shape), this);
  }

  /// Repeats along new leading dims and dims of size 1, as NumPy's `broadcast_to` does.
  public Array broadcastTo(Shape shape) {
    int offset = shape.rank() - rank();
    if (offset < 0) {
      throw new ShapeException(
          "broadcastTo: "
              + type()
              + " has more dims than "
              + shape
              + " (at "
              + SourceLine.ofCaller()
              + ")");
    }
    return broadcastInDim(shape, IntStream.range(offset, shape.rank()).toArray());
  }

  /// Places dim `i` at `dims[i]` of `shape` and repeats along the others.
  public Array broadcastInDim(Shape shape, int... dims) {
    if (shape.equals(shape()) && Arrays.equals(dims, IntStream.range(0, rank()).toArray())) {
      return this;
    }
    return apply(new ShapeOp.BroadcastInDim(shape, IntStream.of(dims).boxed().toList()), this);
  }

  /// Adds a dim of size 1 so that it has number `dim` in the result.
  public Array expandDims(int dim) {
    int at = dim < 0 ? dim + rank() + 1 : dim;
    return reshape(shape().insert(at, 1));
  }

  /// Removes a dim of size 1.
  public Array squeeze(int dim) {
    return reshape(shape().without(List.of(shape().dimIndex(dim))));
  }

  /// Result dim `i` is dim `permutation[i]`.
  public Array transpose(int... permutation) {
    return apply(new ShapeOp.Transpose(IntStream.of(permutation).boxed().toList()), this);
  }

  /// Exchanges two dims.
  public Array swapDims(int first, int second) {
    int[] permutation = IntStream.range(0, rank()).toArray();
    permutation[shape().dimIndex(first)] = shape().dimIndex(second);
    permutation[shape().dimIndex(second)] = shape().dimIndex(first);
    return transpose(permutation);
  }

  /// Elements `from` to below `to` of one dim; negative numbers count from the end of the dim.
  public Array slice(int dim, long from, long to) {
    int at = shape().dimIndex(dim);
    long size = dim(at);
    List<Long> start = new ArrayList<>(Collections.nCopies(rank(), 0L));
    List<Long> limit = new ArrayList<>(shape().toList());
    start.set(at, from < 0 ? from + size : from);
    limit.set(at, to < 0 ? to + size : to);
    return apply(new ShapeOp.Slice(start, limit, Collections.nCopies(rank(), 1L)), this);
  }

  public Array reverse(int... dims) {
    return apply(new ShapeOp.Reverse(resolve(dims)), this);
  }

  // Reductions; without dims they fold all of them.

  public Array sum(int... dims) {
    return reduce(ReduceOp.Kind.SUM, dims);
  }

  public Array prod(int... dims) {
    return reduce(ReduceOp.Kind.PRODUCT, dims);
  }

  public Array maxOver(int... dims) {
    return reduce(ReduceOp.Kind.MAX, dims);
  }

  public Array minOver(int... dims) {
    return reduce(ReduceOp.Kind.MIN, dims);
  }

  public Array all(int... dims) {
    return reduce(ReduceOp.Kind.AND, dims);
  }

  public Array any(int... dims) {
    return reduce(ReduceOp.Kind.OR, dims);
  }

  /// The arithmetic mean over `dims`.
  public Array mean(int... dims) {
    Array sum = sum(dims);
    long folded = shape().elements() / Math.max(1, sum.shape().elements());
    return sum.div((double) folded);
  }

  // Annotations.

  /// Names this value for rematerialization policies.
  public Array named(String name) {
    return apply(new AnnotationOp.Name(name), this);
  }

  /// Asks for a sharding by logical axes, one per dim.
  public Array constrain(LogicalAxes axes) {
    return apply(new AnnotationOp.ShardingConstraint(axes), this);
  }

  /// This value with derivative zero.
  public Array stopGradient() {
    return apply(new AnnotationOp.StopGradient(), this);
  }

  private Array unary(UnaryOp op) {
    return apply(op, this);
  }

  private Array binary(BinaryOp op, Array other) {
    Shape shape = Broadcasting.common(op.opName(), this, other);
    return apply(op, Broadcasting.to(this, shape), Broadcasting.to(other, shape));
  }

  private Array compare(Direction direction, Array other) {
    Shape shape = Broadcasting.common("compare " + direction, this, other);
    return apply(
        new ElementwiseOp.Compare(direction),
        Broadcasting.to(this, shape),
        Broadcasting.to(other, shape));
  }

  private Array reduce(ReduceOp.Kind kind, int... dims) {
    List<Integer> resolved =
        dims.length == 0 ? IntStream.range(0, rank()).boxed().toList() : resolve(dims);
    return apply(new ReduceOp.Reduce(kind, resolved), this);
  }

  private List<Integer> resolve(int... dims) {
    return IntStream.of(dims).map(shape()::dimIndex).sorted().boxed().toList();
  }

  private Array scalar(double value) {
    return Ops.constant(dtype(), value);
  }

  static Array apply(Op op, Array... operands) {
    return Tracer.current().emit(op, List.of(operands), List.of()).getFirst();
  }

  @Override
  public String toString() {
    return "Array " + type();
  }
}
