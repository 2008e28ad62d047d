package jaxon.testing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Random elementwise equations.
final class RandomElementwise {
  private RandomElementwise() {}

  static void emit(RandomScope scope) {
    switch (scope.random().nextInt(8)) {
      case 0, 1 -> unary(scope);
      case 2, 3, 4 -> binary(scope);
      case 5 -> convert(scope);
      case 6 -> compareAndSelect(scope);
      default -> clamp(scope);
    }
  }

  private static void unary(RandomScope scope) {
    Var x = scope.any();
    DType dtype = x.type().dtype();
    List<UnaryOp> allowed =
        dtype.isFloat()
            ? Stream.of(UnaryOp.values()).filter(op -> op != UnaryOp.NOT).toList()
            : dtype == DType.I1
                ? List.of(UnaryOp.NOT)
                : List.of(UnaryOp.NOT, UnaryOp.NEGATE, UnaryOp.ABS, UnaryOp.SIGN);
    Var y = scope.emit(pick(allowed, scope.random()), x);
    if (scope.random().nextInt(4) == 0 && !dtype.isFloat()) {
      scope.emit(UnaryOp.NOT, y);
    } else if (scope.random().nextInt(4) == 0 && y.type().dtype().isFloat()) {
      scope.emit(UnaryOp.NEGATE, scope.emit(UnaryOp.NEGATE, y));
    }
  }

  private static void binary(RandomScope scope) {
    Var x = scope.any();
    DType dtype = x.type().dtype();
    List<BinaryOp> logical = List.of(BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR);
    List<BinaryOp> allowed =
        dtype == DType.I1
            ? logical
            : Stream.of(BinaryOp.values())
                .filter(op -> !dtype.isFloat() || !isBitwise(op))
                .filter(op -> dtype.isFloat() || !mayTrap(op))
                .toList();
    Var y = scope.random().nextInt(6) == 0 ? x : scope.ofType(x.type());
    BinaryOp op = pick(allowed, scope.random());
    if (scope.random().nextBoolean()) {
      scope.emit(op, x, y);
    } else {
      scope.emit(op, y, x);
    }
  }

  private static boolean isBitwise(BinaryOp op) {
    return switch (op) {
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> true;
      case ADD, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, POWER, REMAINDER, SUBTRACT -> false;
    };
  }

  /// Integer division by zero has no defined result.
  private static boolean mayTrap(BinaryOp op) {
    return op == BinaryOp.DIVIDE || op == BinaryOp.REMAINDER || op == BinaryOp.POWER;
  }

  private static void convert(RandomScope scope) {
    List<DType> dtypes = List.of(DType.values());
    Var x = scope.any();
    Var y = scope.emit(new ElementwiseOp.Convert(pick(dtypes, scope.random())), x);
    scope.emit(new ElementwiseOp.Convert(pick(dtypes, scope.random())), y);
    if (x.type().dtype() == DType.I32) {
      scope.emit(new ElementwiseOp.BitcastConvert(DType.UI32), x);
    }
  }

  private static void compareAndSelect(RandomScope scope) {
    Var x = scope.any();
    Var y = scope.ofType(x.type());
    ElementwiseOp.Direction[] directions = ElementwiseOp.Direction.values();
    ElementwiseOp.Direction direction = directions[scope.random().nextInt(directions.length)];
    scope.emit(new ElementwiseOp.Compare(direction), x, y);
    TensorType predicate = x.type().withDType(DType.I1);
    scope.emit(new ElementwiseOp.Select(), scope.ofType(predicate), x, y);
  }

  private static void clamp(RandomScope scope) {
    Var x = scope.any();
    if (x.type().dtype() != DType.I1) {
      scope.emit(new ElementwiseOp.Clamp(), scope.ofType(x.type()), x, scope.ofType(x.type()));
    }
  }

  private static <T> T pick(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
