package jaxon.autodiff;

import static jaxon.testing.Literals.uniform;
import static jaxon.testing.Traced.emit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.testing.GradCheck;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ShapeVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);

  /// Squares what the op gives, so that a wrongly placed cotangent shows and second derivatives are
  /// not zero.
  private static void check(ShapeOp op, Literal... inputs) {
    UnaryOperator<List<Array>> function =
        args -> List.of(emit(op, args.toArray(Array[]::new)).square());
    GradCheck.checkTwice(List.of(inputs), function);
  }

  private Literal tensor(long... dims) {
    return uniform(random, -1, 1, dims);
  }

  @Test
  void broadcastOfScalarsNewDimsAndSizeOne() {
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of()), tensor());
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of(0)), tensor(2));
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of(1)), tensor(3));
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of(0, 1)), tensor(2, 1));
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 1), List.of(0, 1)), tensor(1, 1));
    check(new ShapeOp.BroadcastInDim(Shape.of(0, 2), List.of(0, 1)), tensor(1, 2));
  }

  @Test
  void broadcastThatPermutesDims() {
    check(new ShapeOp.BroadcastInDim(Shape.of(3, 2), List.of(1, 0)), tensor(2, 3));
    check(new ShapeOp.BroadcastInDim(Shape.of(3, 2, 2), List.of(2, 0)), tensor(2, 3));
    check(new ShapeOp.BroadcastInDim(Shape.of(4, 1, 2, 3), List.of(3, 0, 1)), tensor(3, 1, 1));
    check(new ShapeOp.BroadcastInDim(Shape.of(2, 2, 2), List.of(2, 0, 1)), tensor(2, 1, 2));
  }

  @RepeatedTest(20)
  void randomBroadcasts(RepetitionInfo repetition) {
    SplittableRandom shapes = new SplittableRandom(repetition.getCurrentRepetition());
    int rank = shapes.nextInt(5);
    long[] result = LongStream.generate(() -> shapes.nextLong(1, 4)).limit(rank).toArray();
    List<Integer> dims = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(dims, shapes);
    List<Integer> chosen = dims.subList(0, rank == 0 ? 0 : shapes.nextInt(rank + 1));
    long[] operand =
        chosen.stream().mapToLong(dim -> shapes.nextBoolean() ? result[dim] : 1).toArray();
    check(new ShapeOp.BroadcastInDim(Shape.of(result), List.copyOf(chosen)), tensor(operand));
  }

  @Test
  void reshapeTransposeReverse() {
    check(new ShapeOp.Reshape(Shape.of(3, 1, 4)), tensor(2, 6));
    check(new ShapeOp.Reshape(Shape.of()), tensor(1, 1));
    check(new ShapeOp.Transpose(List.of(2, 0, 1)), tensor(2, 3, 2));
    check(new ShapeOp.Transpose(List.of(1, 3, 0, 2)), tensor(2, 1, 2, 3));
    check(new ShapeOp.Reverse(List.of(0, 2)), tensor(2, 2, 3));
    check(new ShapeOp.Reverse(List.of()), tensor(2));
  }

  @Test
  void slices() {
    check(slice(List.of(1L, 0L), List.of(3L, 2L), List.of(1L, 1L)), tensor(4, 2));
    check(slice(List.of(1L), List.of(6L), List.of(2L)), tensor(7));
    check(slice(List.of(0L), List.of(7L), List.of(3L)), tensor(8));
    check(slice(List.of(2L), List.of(3L), List.of(5L)), tensor(4));
    check(slice(List.of(2L, 0L), List.of(2L, 2L), List.of(3L, 1L)), tensor(3, 2));
  }

  @RepeatedTest(20)
  void randomSlices(RepetitionInfo repetition) {
    SplittableRandom shapes = new SplittableRandom(repetition.getCurrentRepetition());
    int rank = shapes.nextInt(1, 4);
    long[] dims = LongStream.generate(() -> shapes.nextLong(1, 5)).limit(rank).toArray();
    List<Long> start = new ArrayList<>();
    List<Long> limit = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    for (long dim : dims) {
      start.add(shapes.nextLong(0, dim + 1));
      limit.add(shapes.nextLong(start.getLast(), dim + 1));
      strides.add(shapes.nextLong(1, 4));
    }
    check(slice(start, limit, strides), tensor(dims));
  }

  private static ShapeOp slice(List<Long> start, List<Long> limit, List<Long> strides) {
    return new ShapeOp.Slice(start, limit, strides);
  }

  @Test
  void pads() {
    check(pad(1, 2, 0), tensor(3), tensor());
    check(pad(0, 0, 2), tensor(3), tensor());
    check(pad(-1, 0, 0), tensor(3), tensor());
    check(pad(-1, -1, 1), tensor(4), tensor());
    check(pad(-2, 3, 2), tensor(3), tensor());
    check(pad(2, -3, 1), tensor(3), tensor());
    check(pad(-3, 1, 0), tensor(3), tensor());
    check(pad(2, 1, 3), tensor(1), tensor());
    check(pad(2, 1, 3), tensor(0), tensor());
  }

  private static ShapeOp pad(long low, long high, long interior) {
    return new ShapeOp.Pad(List.of(low), List.of(high), List.of(interior));
  }

  @RepeatedTest(20)
  void randomPads(RepetitionInfo repetition) {
    SplittableRandom shapes = new SplittableRandom(repetition.getCurrentRepetition());
    int rank = shapes.nextInt(1, 4);
    long[] dims = LongStream.generate(() -> shapes.nextLong(1, 4)).limit(rank).toArray();
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    List<Long> interior = new ArrayList<>();
    for (long dim : dims) {
      interior.add(shapes.nextLong(3));
      long dilated = dim + (dim - 1) * interior.getLast();
      low.add(shapes.nextLong(-dilated, 3));
      high.add(shapes.nextLong(-(dilated + Math.min(0, low.getLast())), 3));
    }
    check(new ShapeOp.Pad(low, high, interior), tensor(dims), tensor());
  }

  @Test
  void concatenate() {
    check(new ShapeOp.Concatenate(1), tensor(2, 1), tensor(2, 3), tensor(2, 0), tensor(2, 2));
    check(new ShapeOp.Concatenate(0), tensor(3));
  }

  @Test
  void oneValueConcatenatedWithItself() {
    GradCheck.checkTwice(
        List.of(tensor(2)),
        args -> List.of(Ops.stack(List.of(args.getFirst(), args.getFirst().square())).exp()));
  }
}
