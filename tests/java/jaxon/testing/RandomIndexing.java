package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.Var;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Random equations whose element positions are data.
final class RandomIndexing {
  private RandomIndexing() {}

  static void emit(RandomScope scope) {
    Var x = scope.any();
    switch (scope.random().nextInt(5)) {
      case 0 -> dynamicSlice(scope, x);
      case 1 -> dynamicUpdateSlice(scope, x);
      case 2 -> gather(scope, x);
      case 3 -> scatter(scope, x);
      default -> sort(scope, x);
    }
  }

  private static List<Var> starts(RandomScope scope, int rank) {
    List<Var> starts = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      starts.add(scope.index());
    }
    return starts;
  }

  private static List<Long> window(Shape shape, SplittableRandom random) {
    boolean whole = random.nextInt(3) == 0;
    return shape.toList().stream().map(dim -> whole ? dim : random.nextLong(dim + 1)).toList();
  }

  private static void dynamicSlice(RandomScope scope, Var x) {
    List<Long> sizes = window(x.type().shape(), scope.random());
    List<Var> operands = new ArrayList<>(List.of(x));
    operands.addAll(starts(scope, sizes.size()));
    scope.emit(new IndexOp.DynamicSlice(sizes), operands, List.of());
  }

  private static void dynamicUpdateSlice(RandomScope scope, Var x) {
    List<Long> sizes = window(x.type().shape(), scope.random());
    List<Var> operands = new ArrayList<>(List.of(x));
    operands.add(scope.ofType(x.type().withShape(Shape.of(sizes))));
    operands.addAll(starts(scope, sizes.size()));
    scope.emit(new IndexOp.DynamicUpdateSlice(), operands, List.of());
  }

  /// Rows of dim 0 at a vector of indices.
  private static IndexOp.GatherDims rows(Shape shape) {
    List<Integer> offsets = IntStream.range(1, shape.rank()).boxed().toList();
    return new IndexOp.GatherDims(offsets, List.of(0), List.of(), List.of(), List.of(0), 1);
  }

  private static void gather(RandomScope scope, Var x) {
    Shape shape = x.type().shape();
    if (shape.rank() == 0 || shape.dim(0) == 0) {
      return;
    }
    Var indices = scope.ofType(TensorType.of(DType.I32, 3));
    scope.emit(new IndexOp.Gather(rows(shape), shape.with(0, 1).toList()), x, indices);
  }

  private static void scatter(RandomScope scope, Var x) {
    Shape shape = x.type().shape();
    if (shape.rank() == 0 || shape.dim(0) == 0 || x.type().dtype() == DType.I1) {
      return;
    }
    Var indices = scope.ofType(TensorType.of(DType.I32, 3));
    Var updates = scope.ofType(x.type().withShape(shape.with(0, 3)));
    IndexOp.Combiner combiner =
        scope.random().nextBoolean() ? IndexOp.Combiner.ADD : IndexOp.Combiner.SET;
    scope.emit(new IndexOp.Scatter(rows(shape), combiner), x, indices, updates);
  }

  private static void sort(RandomScope scope, Var x) {
    int rank = x.type().shape().rank();
    if (rank > 0) {
      IndexOp.Sort op =
          new IndexOp.Sort(scope.random().nextInt(rank), scope.random().nextBoolean());
      scope.emit(op, List.of(x, scope.ofType(x.type())), List.of());
    }
  }
}
