package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.Configs;
import jaxon.layers.CrossEntropy;
import jaxon.layers.models.InitializedModel;
import jaxon.layers.models.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The gradient of a batch must not depend on how many parts it is run in.
class GradientAccumulationTest {
  private static final InitializedModel MODEL =
      Models.init(Configs.tiny("base_num_decoder_layers=1", "weight_dtype=float32"));
  private static final List<Literal> PARAMS =
      HostRun.run(
          Array.placeholder(TensorType.of(DType.UI32, 2)),
          MODEL.program()::call,
          List.of(Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 7})));
  private static final LanguageModelLoss LOSS = new LanguageModelLoss(new CrossEntropy(1e-2));

  record Input(CausalLm params, TrainBatch batch) {}

  /// Counted tokens of each of four rows.
  static List<int[]> masks() {
    return List.of(
        new int[] {4, 4, 4, 4},
        new int[] {4, 1, 3, 2},
        // With two parts, the second has rows 1 and 3: nothing.
        new int[] {4, 0, 2, 0},
        new int[] {0, 0, 0, 1},
        new int[] {0, 0, 0, 0});
  }

  @ParameterizedTest
  @MethodSource("masks")
  void isExactHoweverTheTokensFall(int[] mask) {
    List<double[]> whole = inFloat64(1, mask);
    for (int steps : new int[] {2, 4}) {
      assertClose(inFloat64(steps, mask), whole, 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("masks")
  void isExactInFloat32UpToTheOrderOfSums(int[] mask) {
    List<double[]> whole = inFloat32(1, mask);
    for (int steps : new int[] {2, 4}) {
      assertClose(inFloat32(steps, mask), whole, 1e-6);
    }
  }

  @Test
  void sumsCountTheTokens() {
    assertThat(inFloat64(2, 4, 1, 3, 2).get(2)).containsExactly(10);
  }

  @Test
  void batchWithoutTokensHasZeroGradients() {
    for (int steps : new int[] {1, 2, 4}) {
      assertThat(inFloat32(steps, 0, 0, 0, 0))
          .allSatisfy(leaf -> assertThat(leaf).containsOnly(0.0));
    }
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    int[] mask = {4, 1, 3, 2};
    List<double[]> result = inFloat64(2, mask);
    double h = 1e-6;
    for (int leaf = 0; leaf < PARAMS.size(); leaf++) {
      double slope = (meanLoss(leaf, h, mask) - meanLoss(leaf, -h, mask)) / (2 * h);
      assertThat(result.get(3 + leaf)[0]).as("leaf %d", leaf).isCloseTo(slope, within(1e-7));
    }
  }

  /// The mean loss with the first number of a parameter moved.
  private static double meanLoss(int leaf, double by, int... mask) {
    List<Literal> inputs = new ArrayList<>(PARAMS);
    double[] moved = PARAMS.get(leaf).toDoubles();
    moved[0] += by;
    inputs.set(
        leaf, Literal.generate(PARAMS.get(leaf).type().withDType(DType.F64), i -> moved[(int) i]));
    inputs.addAll(TestBatches.rows(mask));
    List<double[]> sums =
        HostRun.inFloat64(template(mask.length), in -> LOSS.apply(in.params, in.batch), inputs);
    return sums.get(0)[0] / sums.get(2)[0];
  }

  @Test
  void partTakesEveryStepsThRow() {
    TrainBatch batch = TrainBatch.template(6, TestBatches.LENGTH);
    record Scale(Array value) {}
    Scale one = new Scale(Array.placeholder(TensorType.of(DType.F32)));
    record Call(Scale params, TrainBatch batch) {}
    List<Literal> inputs = new ArrayList<>();
    inputs.add(Literal.ofFloats(new float[] {1}));
    Literal rows =
        Literal.generateLongs(
            TensorType.of(DType.I32, 6, TestBatches.LENGTH), i -> i / TestBatches.LENGTH);
    for (int leaf = 0; leaf < 5; leaf++) {
      inputs.add(rows);
    }
    // A loss that is not a sum over rows: the product of the part's row numbers plus one.
    List<Literal> result =
        HostRun.run(
            new Call(one, batch),
            call ->
                new GradientAccumulation(3, DType.F32, DType.F32)
                    .run(
                        call.params,
                        call.batch,
                        (scale, part) -> {
                          Array row = part.targets().astype(DType.F32).add(1.0);
                          Array first = row.slice(0, 0, 1).mean();
                          Array second = row.slice(0, 1, 2).mean();
                          Array product = first.mul(second).mul(scale.value());
                          return new LossSums(product, product.mul(0.0), product.mul(0.0));
                        })
                    .sums()
                    .total(),
            inputs);
    // Rows 0 and 3, 1 and 4, 2 and 5.
    assertThat(result.getFirst().get(0)).isEqualTo(1 * 4 + 2 * 5 + 3 * 6);
  }

  @Test
  void gradientsHaveTheGradientType() {
    for (int steps : new int[] {1, 2}) {
      List<Literal> result = run(steps, DType.BF16, 4, 1, 3, 2);
      assertThat(result.subList(3, result.size()))
          .extracting(leaf -> leaf.type().dtype())
          .containsOnly(DType.BF16);
      assertThat(result.subList(0, 3))
          .extracting(leaf -> leaf.type().dtype())
          .containsOnly(DType.F32);
    }
  }

  /// 259 tokens are 260 in bfloat16: the division must not be done in it.
  @Test
  void bfloat16GradientsAreDividedByTheExactNumberOfTokens() {
    record Scale(Array value) {}
    record Call(Scale params, TrainBatch batch) {}
    Call template =
        new Call(
            new Scale(Array.placeholder(TensorType.of(DType.F32))),
            TrainBatch.template(1, TestBatches.LENGTH));
    List<Literal> inputs = new ArrayList<>();
    inputs.add(Literal.ofFloats(new float[] {1}));
    inputs.addAll(TestBatches.rows(4));
    List<Literal> result =
        HostRun.run(
            template,
            call ->
                new GradientAccumulation(1, DType.BF16, DType.F32)
                    .run(
                        call.params,
                        call.batch,
                        (scale, _) -> {
                          Array total = scale.value().mul(384.0);
                          return new LossSums(total, total.mul(0.0), Ops.constant(DType.F32, 259));
                        })
                    .grads(),
            inputs);
    assertThat(result.getFirst().get(0)).isCloseTo(384 / 259.0, within(0x1p-8));
  }

  private static List<double[]> inFloat64(int steps, int... mask) {
    return HostRun.inFloat64(
        template(mask.length), in -> accumulate(steps, DType.F32, in), inputs(mask));
  }

  private static List<double[]> inFloat32(int steps, int... mask) {
    return run(steps, DType.F32, mask).stream().map(Literal::toDoubles).toList();
  }

  /// Sums (total, z-loss, weights), then gradients.
  private static List<Literal> run(int steps, DType gradDtype, int... mask) {
    return HostRun.run(template(mask.length), in -> accumulate(steps, gradDtype, in), inputs(mask));
  }

  private static GradientAccumulation.Result<CausalLm> accumulate(
      int steps, DType gradDtype, Input in) {
    return new GradientAccumulation(steps, gradDtype, DType.F32)
        .run(in.params, in.batch, LOSS::apply);
  }

  private static Input template(int rows) {
    return new Input(MODEL.template(), TrainBatch.template(rows, TestBatches.LENGTH));
  }

  private static List<Literal> inputs(int... mask) {
    List<Literal> inputs = new ArrayList<>(PARAMS);
    inputs.addAll(TestBatches.rows(mask));
    return inputs;
  }

  private static void assertClose(List<double[]> found, List<double[]> expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int leaf = 0; leaf < found.size(); leaf++) {
      for (int i = 0; i < found.get(leaf).length; i++) {
        double value = expected.get(leaf)[i];
        assertThat(found.get(leaf)[i])
            .as("leaf %d, element %d", leaf, i)
            .isCloseTo(value, within(tolerance * Math.max(1, Math.abs(value))));
      }
    }
  }
}
