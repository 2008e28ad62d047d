package jaxon.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.Var;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Random equations that move elements.
final class RandomMovement {
  private RandomMovement() {}

  static void emit(RandomScope scope) {
    Var x = scope.any();
    switch (scope.random().nextInt(8)) {
      case 0 -> broadcast(scope, broadcast(scope, x));
      case 1 -> reshape(scope, reshape(scope, x));
      case 2 -> transpose(scope, transpose(scope, x));
      case 3 -> slice(scope, x);
      case 4 -> pad(scope, x);
      case 5 -> concatenate(scope, x);
      case 6 -> reverse(scope, x);
      default -> broadcast(scope, x);
    }
  }

  /// Puts up to one new dim at a random place and stretches dims of size 1; transposes sometimes.
  private static Var broadcast(RandomScope scope, Var x) {
    SplittableRandom random = scope.random();
    int rank = x.type().shape().rank();
    int added = rank < 4 ? random.nextInt(2) : 0;
    List<Integer> dims = new ArrayList<>(shuffled(rank + added, random).subList(0, rank));
    if (random.nextBoolean()) {
      Collections.sort(dims);
    }
    long[] sizes = new long[rank + added];
    for (int i = 0; i < sizes.length; i++) {
      int from = dims.indexOf(i);
      boolean keep = from >= 0 && (x.type().shape().dim(from) != 1 || random.nextBoolean());
      sizes[i] = keep ? x.type().shape().dim(from) : RandomGraphs.dim(random);
    }
    return scope.emit(new ShapeOp.BroadcastInDim(Shape.of(sizes), dims), x);
  }

  private static Var reshape(RandomScope scope, Var x) {
    Shape shape = x.type().shape();
    List<Long> dims = new ArrayList<>(shape.toList());
    switch (scope.random().nextInt(3)) {
      case 0 -> dims = new ArrayList<>(List.of(shape.elements()));
      case 1 -> dims.add(scope.random().nextInt(dims.size() + 1), 1L);
      default -> dims.removeIf(dim -> dim == 1);
    }
    return scope.emit(new ShapeOp.Reshape(Shape.of(dims)), x);
  }

  private static Var transpose(RandomScope scope, Var x) {
    List<Integer> permutation = shuffled(x.type().shape().rank(), scope.random());
    return scope.emit(new ShapeOp.Transpose(permutation), x);
  }

  private static void slice(RandomScope scope, Var x) {
    SplittableRandom random = scope.random();
    List<Long> starts = new ArrayList<>();
    List<Long> limits = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    for (long dim : x.type().shape().toArray()) {
      boolean whole = random.nextBoolean();
      long start = whole ? 0 : random.nextLong(dim + 1);
      starts.add(start);
      limits.add(whole ? dim : start + random.nextLong(dim - start + 1));
      strides.add(whole ? 1 : 1 + random.nextLong(2));
    }
    scope.emit(new ShapeOp.Slice(starts, limits, strides), x);
  }

  private static void pad(RandomScope scope, Var x) {
    SplittableRandom random = scope.random();
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    List<Long> interior = new ArrayList<>();
    boolean none = random.nextInt(4) == 0;
    for (long dim : x.type().shape().toArray()) {
      low.add(none ? 0L : random.nextLong(dim > 0 ? -1 : 0, 3));
      high.add(none ? 0L : random.nextLong(3));
      interior.add(random.nextLong(2));
    }
    Var value = scope.ofType(TensorType.of(x.type().dtype()));
    scope.emit(new ShapeOp.Pad(low, high, interior), x, value);
  }

  private static void concatenate(RandomScope scope, Var x) {
    SplittableRandom random = scope.random();
    Shape shape = x.type().shape();
    if (shape.rank() == 0) {
      return;
    }
    int dim = random.nextInt(shape.rank());
    List<Var> operands = new ArrayList<>(List.of(x));
    for (int i = 0; i < random.nextInt(3); i++) {
      long size = random.nextInt(3) == 0 ? 0 : shape.dim(dim);
      operands.add(scope.ofType(x.type().withShape(shape.with(dim, size))));
    }
    scope.emit(new ShapeOp.Concatenate(dim), operands, List.of());
  }

  private static void reverse(RandomScope scope, Var x) {
    int rank = x.type().shape().rank();
    List<Integer> dims = shuffled(rank, scope.random());
    scope.emit(new ShapeOp.Reverse(dims.subList(0, scope.random().nextInt(rank + 1))), x);
  }

  private static List<Integer> shuffled(int size, SplittableRandom random) {
    List<Integer> list = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    for (int i = size - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
    return list;
  }
}
