package jaxon.runtime.pass.fuse;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Renaming;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Rebuilds the region of a loop with its bf16 arithmetic in f32.
///
/// Each bf16 value may have two forms: as it is, and wide, in f32 and not rounded. Arithmetic reads
/// and makes the wide form; the other one is made of it when something else asks.
final class WideBody {
  private static final Op WIDEN = new ElementwiseOp.Convert(DType.F32);
  private static final Op ROUND = new ElementwiseOp.Convert(DType.BF16);

  private final Graph body;
  private final Set<Var> outputs;
  private final GraphBuilder builder = new GraphBuilder();
  private final Renaming narrow = new Renaming();
  private final Map<Var, Var> wide = new HashMap<>();

  WideBody(Graph body) {
    this.body = body;
    outputs = new HashSet<>(body.outputs());
  }

  Graph build() {
    for (Var input : body.inputs()) {
      narrow.put(input, builder.input(input.type()));
    }
    for (Equation equation : body.equations()) {
      if (!isWidened(equation)) {
        equation.inputs().forEach(this::narrow);
        builder.copy(equation, narrow);
      }
    }
    return builder.build(body.name(), body.outputs().stream().map(this::narrow).toList());
  }

  /// Tries to compute the wide form of an equation's result.
  private boolean isWidened(Equation equation) {
    if (equation.outputs().size() != 1) {
      return false;
    }
    Var output = equation.output();
    boolean isBf16 = output.type().dtype() == DType.BF16;
    if (isBf16 && equation.op().equals(ROUND) && isF32(equation.inputs().getFirst())) {
      define(output, narrow(equation.inputs().getFirst()));
      return true;
    }
    Var first = equation.inputs().isEmpty() ? output : equation.inputs().getFirst();
    if (equation.op().equals(WIDEN) && wide.containsKey(first)) {
      narrow.put(output, wide(first));
      return true;
    }
    // A view of what is read from memory stays a view of memory.
    boolean isView =
        Kind.of(equation) == Kind.VIEW && wide.containsKey(first) && !narrow.contains(first);
    if (!isBf16 || !(isView || isArithmetic(equation.op()))) {
      return false;
    }
    List<Var> operands = equation.inputs().stream().map(this::wide).toList();
    define(output, builder.emit(equation.op(), operands, List.of(), equation.source()).getFirst());
    return true;
  }

  private static boolean isF32(Var var) {
    return var.type().dtype() == DType.F32;
  }

  /// Results of the loop are rounded for all who read them.
  private void define(Var output, Var value) {
    wide.put(output, value);
    if (outputs.contains(output)) {
      Var rounded = narrow(output);
      wide.put(output, emit(WIDEN, rounded));
    }
  }

  private Var narrow(Var var) {
    Var unrounded = wide.get(var);
    if (!narrow.contains(var) && unrounded != null) {
      narrow.put(var, emit(ROUND, unrounded));
    }
    return narrow.get(var);
  }

  private Var wide(Var var) {
    if (var.type().dtype() != DType.BF16) {
      return narrow(var);
    }
    Var known = wide.get(var);
    if (known == null) {
      known = emit(WIDEN, narrow.get(var));
      wide.put(var, known);
    }
    return known;
  }

  private Var emit(Op op, Var operand) {
    return builder.emit(op, List.of(operand), List.of()).getFirst();
  }

  /// Whether a little more precision in the operands only makes the result more precise.
  private static boolean isArithmetic(Op op) {
    return switch (op) {
      case UnaryOp unary ->
          switch (unary) {
            case ABS, COSINE, ERF, EXPONENTIAL, EXPONENTIAL_MINUS_ONE, LOG -> true;
            case LOG_PLUS_ONE, LOGISTIC, NEGATE, RSQRT, SINE, SQRT, TANH -> true;
            case CEIL, FLOOR, IS_FINITE, NOT, ROUND_NEAREST_EVEN, SIGN -> false;
          };
      case BinaryOp binary ->
          switch (binary) {
            case ADD, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, POWER, SUBTRACT -> true;
            case AND, OR, REMAINDER, SHIFT_LEFT -> false;
            case SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL, XOR -> false;
          };
      case ElementwiseOp elementwise ->
          elementwise instanceof ElementwiseOp.Select || elementwise instanceof ElementwiseOp.Clamp;
      default -> false;
    };
  }
}
