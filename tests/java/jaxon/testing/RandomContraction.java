package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Var;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Random equations that fold dims away, and iotas.
final class RandomContraction {
  private RandomContraction() {}

  static void emit(RandomScope scope) {
    switch (scope.random().nextInt(3)) {
      case 0 -> dot(scope);
      case 1 -> iota(scope);
      default -> reduce(scope);
    }
  }

  private static void dot(RandomScope scope) {
    Var x = scope.any();
    int rank = x.type().shape().rank();
    if (rank == 0 || !x.type().dtype().isFloat()) {
      return;
    }
    int dim = scope.random().nextInt(rank);
    long[] dims = {RandomGraphs.dim(scope.random()), x.type().shape().dim(dim)};
    Var y = scope.ofType(TensorType.of(x.type().dtype(), dims));
    ContractOp.DotGeneral op =
        new ContractOp.DotGeneral(List.of(), List.of(), List.of(dim), List.of(1), x.type().dtype());
    Var product = scope.emit(op, x, y);
    if (product.type().shape().rank() > 3) {
      scope.emit(new ReduceOp.Reduce(ReduceOp.Kind.SUM, List.of(0)), product);
    }
  }

  private static void iota(RandomScope scope) {
    TensorType type = RandomGraphs.type(scope.random());
    if (type.shape().rank() > 0 && type.dtype() != DType.I1) {
      scope.emit(new SourceOp.Iota(type, scope.random().nextInt(type.shape().rank())));
    }
  }

  private static void reduce(RandomScope scope) {
    SplittableRandom random = scope.random();
    Var x = scope.any();
    ReduceOp.Kind[] numeric = {
      ReduceOp.Kind.SUM, ReduceOp.Kind.PRODUCT, ReduceOp.Kind.MAX, ReduceOp.Kind.MIN
    };
    ReduceOp.Kind[] logical = {ReduceOp.Kind.AND, ReduceOp.Kind.OR};
    ReduceOp.Kind[] kinds = x.type().dtype() == DType.I1 ? logical : numeric;
    List<Integer> dims = new ArrayList<>();
    for (int dim = 0; dim < x.type().shape().rank(); dim++) {
      if (random.nextBoolean()) {
        dims.add(dim);
      }
    }
    scope.emit(new ReduceOp.Reduce(kinds[random.nextInt(kinds.length)], dims), x);
  }
}
