package jaxon.runtime.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.cpu.KernelRun;
import jaxon.runtime.program.Layout;
import org.junit.jupiter.api.Test;

/// Random regions of the forms that loops have, against the interpreter.
///
/// Values are kept small (each sum is scaled down).
class RandomLoopTest {
  private static final int LOOPS = Integer.getInteger("jaxon.test.loops", 24);
  private static final int OPS = 8;
  private static final double TOLERANCE = 4e-6;
  private static final long[] SIZES = {1, 2, 3, 5, 7, 16, 18, 31, 33};

  private final List<Array> values = new ArrayList<>();

  /// A region that can be a loop of its own.
  private record Case(
      Graph region, Shape shape, int rowDims, List<Literal> inputs, SplittableRandom random) {}

  @Test
  void loopsAgreeWithTheInterpreter() {
    assertThat(refused(LOOPS, SIZES)).as("loops refused").isLessThanOrEqualTo(LOOPS / 20);
  }

  /// So large that rows are shared out to several tasks, whose sums are then added.
  @Test
  void loopsOfManyTasksAgreeWithTheInterpreter() {
    int loops = 1 + LOOPS / 8;
    assertThat(refused(loops, new long[] {43, 53, 61})).isLessThan(loops / 2);
  }

  /// How many of the loops have no code.
  private int refused(int loops, long... sizes) {
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    for (long seed = 1; seed <= loops; seed++) {
      Case one = random(seed, sizes);
      List<Layout> layouts = LoopRun.dense(one.region());
      int bits = 128 << one.random().nextInt(3);
      try {
        LoopRun.check(
            bits, one.region(), one.shape(), one.rowDims(), layouts, one.inputs(), TOLERANCE);
      } catch (UnsupportedLoopException _) {
        refused++;
      } catch (AssertionError | RuntimeException e) {
        wrong.add("seed " + seed + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
    return refused;
  }

  /// Here the loops are those that the engine makes of the regions, with empty ones among them.
  @Test
  void theEngineAgreesWithTheInterpreter() {
    List<String> wrong = new ArrayList<>();
    long[] sizes = {0, 1, 2, 7, 31, 33};
    for (long seed = 1; seed <= LOOPS; seed++) {
      Case one = random(seed, sizes);
      try {
        List<Literal> found = KernelRun.compiled(one.region(), one.inputs());
        String difference = LoopRun.difference(one.region(), one.inputs(), found, TOLERANCE);
        if (!difference.isEmpty()) {
          wrong.add("seed " + seed + ": " + difference);
        }
      } catch (RuntimeException e) {
        wrong.add("seed " + seed + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private Case random(long seed, long[] sizes) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape =
        Shape.of(
            sizes[random.nextInt(sizes.length)],
            sizes[random.nextInt(sizes.length)],
            sizes[random.nextInt(sizes.length)]);
    int rowDims = random.nextInt(4);
    DType dtype = List.of(DType.F64, DType.BF16, DType.F32, DType.F32).get(random.nextInt(4));
    List<TensorType> types = new ArrayList<>();
    types.add(new TensorType(dtype, shape));
    types.add(new TensorType(dtype, shape));
    types.add(TensorType.of(dtype, shape.dim(2)));
    types.add(TensorType.of(dtype, shape.dim(0), 1, shape.dim(2)));
    types.add(TensorType.of(dtype));
    Graph region = Tracer.traceClosed("loop", types, a -> body(a, shape, rowDims, random));
    List<Literal> inputs = new ArrayList<>();
    for (TensorType type : types) {
      inputs.add(Literal.generate(type, _ -> random.nextDouble(-1, 1)));
    }
    return new Case(region, shape, rowDims, inputs, random);
  }

  private List<Array> body(List<Array> inputs, Shape shape, int rowDims, SplittableRandom random) {
    values.clear();
    inputs.forEach(x -> values.add(Ops.pad(x.broadcastTo(shape), 0, 0, 0, 0)));
    for (int i = 0; i < OPS; i++) {
      Array x = values.get(random.nextInt(values.size()));
      Array y = values.get(random.nextInt(values.size()));
      values.add(step(random.nextInt(12), x, y, rowDims, random));
    }
    List<Array> outputs = new ArrayList<>();
    Array last = values.getLast();
    outputs.add(last);
    outputs.add(values.get(values.size() - 3).reshape(shape.elements()));
    if (rowDims > 0 && rowDims < 3) {
      outputs.add(last.mul(0.1).sum(dims(0, rowDims)));
      outputs.add(last.mul(0.1).sum(dims(rowDims, 3)));
      outputs.add(last.maxOver(dims(0, 3)));
    }
    return outputs;
  }

  private static int[] dims(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static Array step(int kind, Array x, Array y, int rowDims, SplittableRandom random) {
    int dim = random.nextInt(3);
    long size = x.dim(dim);
    long at = random.nextLong(size + 1);
    return switch (kind) {
      case 0 -> x.add(y).mul(0.5);
      case 1 -> x.mul(y);
      case 2 -> x.sub(y).tanh();
      case 3 -> x.max(y);
      case 4 -> x.gt(y).select(x, y.neg());
      case 5 -> x.mul(0.5).exp().mul(0.3);
      case 6 -> x.reverse(dim);
      case 7 -> Ops.concatenate(dim, List.of(x.slice(dim, at, size), y.slice(dim, 0, at)));
      case 8 -> Ops.pad(x.slice(dim, 0, at), dim, size - at, 0, 0.25);
      case 9 -> rowMean(x, rowDims);
      case 10 -> Ops.iota(x.type().withDType(DType.I32), dim).astype(x.dtype()).mul(0.01).add(y);
      default -> x.logistic();
    };
  }

  /// The mean over the columns, in all of them; without rows the value itself.
  private static Array rowMean(Array x, int rowDims) {
    if (rowDims == 0 || rowDims == 3) {
      return x;
    }
    Array sum = x.sum(dims(rowDims, 3));
    long columns = x.shape().elements() / Math.max(1, sum.shape().elements());
    int[] kept = dims(0, rowDims);
    return sum.div((double) Math.max(1, columns)).broadcastInDim(x.shape(), kept);
  }
}
