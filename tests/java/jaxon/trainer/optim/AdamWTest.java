package jaxon.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.Configs;
import jaxon.trainer.HostRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several updates against the formulas of `optax.adamw` in plain Java.
class AdamWTest {
  private static final double RATE = 0.05;
  private static final double[] PARAMS = {1, -2, 0.5, 3, -0.25, 8};
  private static final double[][] GRADS = {
    {0.1, -0.2, 0, 1e-6, 5, -0.01},
    {0.3, 0.2, 0, -2e-6, 4, 0.01},
    {-0.1, 0.1, 0, 1e-6, -6, 0},
    {0, 0, 0, 0, 0, 0},
  };

  record State(Weights params, Weights grads, List<Weights> moments, Array rate, Array step) {}

  @ParameterizedTest
  @CsvSource({
    "0.9, 0.95, 1e-8, 0, 0.1",
    "0.9, 0.95, 1e-8, 0, 0",
    "0.9, 0.999, 1e-3, 0, 0.01",
    "0.9, 0.95, 1e-8, 1e-4, 0.1",
    "0, 0.95, 1e-8, 0, 0.1",
    "0.9, 0, 1e-8, 0, 0.1",
  })
  void updatesAreThoseOfOptax(double b1, double b2, double eps, double epsRoot, double decay) {
    AdamW adam = new AdamW(b1, b2, eps, epsRoot, decay, DType.F32);
    Reference reference = new Reference(adam);
    List<Literal> leaves = start(adam, DType.F32);
    for (int step = 0; step < GRADS.length; step++) {
      leaves = update(adam, DType.F32, leaves, GRADS[step], step);
      reference.update(GRADS[step], step);
      assertClose(Weights.six(leaves, 0), reference.params, 2e-6);
      assertClose(Weights.six(leaves, 2), reference.mu, 1e-6);
      assertClose(Weights.six(leaves, 4), reference.nu, 1e-6);
    }
  }

  @Test
  void momentsBeginAtZeroInTheirTypes() {
    List<Literal> leaves =
        start(new AdamW(0.9, 0.95, 1e-8, 0, 0.1, DType.BF16), DType.F32).subList(2, 6);
    assertThat(leaves)
        .extracting(leaf -> leaf.type().dtype())
        .containsExactly(DType.BF16, DType.BF16, DType.F32, DType.F32);
    assertThat(leaves).allSatisfy(leaf -> assertThat(leaf.toDoubles()).containsOnly(0));
  }

  @Test
  void bfloat16FirstMomentIsRoundedOnlyWhereItIsStored() {
    AdamW adam = new AdamW(0.9, 0.95, 1e-8, 0, 0.1, DType.BF16);
    Reference reference = new Reference(adam);
    List<Literal> leaves = start(adam, DType.F32);
    for (int step = 0; step < GRADS.length; step++) {
      leaves = update(adam, DType.F32, leaves, GRADS[step], step);
      reference.update(GRADS[step], step);
      assertThat(leaves.get(2).type().dtype()).isEqualTo(DType.BF16);
      if (step == 0) {
        assertClose(Weights.six(leaves, 0), reference.params, 2e-6);
      }
      assertClose(Weights.six(leaves, 0), reference.params, 2e-3);
      for (int i = 0; i < 6; i++) {
        double mu = reference.mu[i];
        assertThat(Weights.six(leaves, 2)[i])
            .isCloseTo(mu, within(Math.abs(mu) * 0x1p-7 + 0x1p-8 * 0.1 * Math.abs(GRADS[1][i])));
      }
    }
  }

  @Test
  void bfloat16WeightsStayBfloat16() {
    AdamW adam = new AdamW(0.9, 0.95, 1e-8, 0, 0.1, DType.BF16);
    List<Literal> leaves = update(adam, DType.BF16, start(adam, DType.BF16), GRADS[0], 0);
    assertThat(leaves).extracting(leaf -> leaf.type().dtype()).containsOnly(DType.BF16);
    Reference reference = new Reference(adam);
    reference.update(GRADS[0], 0);
    assertClose(Weights.six(leaves, 0), reference.params, 0x1p-7);
  }

  @Test
  void firstUpdateWithoutDecayHasTheSizeOfTheRate() {
    AdamW adam = new AdamW(0.9, 0.95, 0, 0, 0, DType.F32);
    double[] grads = {1e-10, -1e10, 3, -4, 0.5, 1};
    List<Literal> leaves = update(adam, DType.F32, start(adam, DType.F32), grads, 0);
    for (int i = 0; i < 6; i++) {
      assertThat(Weights.six(leaves, 0)[i])
          .isCloseTo(PARAMS[i] - RATE * Math.signum(grads[i]), within(2e-6));
    }
  }

  @Test
  void zeroGradientsLeaveOnlyTheDecay() {
    AdamW adam = new AdamW(0.9, 0.95, 1e-8, 0, 0.5, DType.F32);
    List<Literal> leaves = update(adam, DType.F32, start(adam, DType.F32), new double[6], 0);
    for (int i = 0; i < 6; i++) {
      assertThat(Weights.six(leaves, 0)[i]).isCloseTo(PARAMS[i] * (1 - RATE * 0.5), within(1e-6));
    }
  }

  @Test
  void lateStepsHaveFiniteCorrections() {
    AdamW adam = new AdamW(0.9, 0.95, 1e-8, 0, 0, DType.F32);
    List<Literal> leaves = update(adam, DType.F32, start(adam, DType.F32), GRADS[0], 10_000_000);
    double mean = 0.1 * 0.1;
    double root = Math.sqrt(0.05 * 0.01);
    assertThat(Weights.six(leaves, 0)[0]).isCloseTo(1 - RATE * mean / root, within(1e-6));
  }

  @Test
  void configurationNamesTheOptimizer() {
    assertThat(
            Optimizer.of(
                Configs.tiny(
                    "adam_b1=0.8",
                    "adam_b2=0.9",
                    "adam_eps=1e-6",
                    "adam_eps_root=1e-7",
                    "adam_weight_decay=0.2",
                    "mu_dtype=bfloat16")))
        .isEqualTo(new AdamW(0.8, 0.9, 1e-6, 1e-7, 0.2, DType.BF16));
    assertThat(Optimizer.of(Configs.tiny("weight_dtype=bfloat16")))
        .isEqualTo(new AdamW(0.9, 0.95, 1e-8, 0, 0.1, DType.BF16));
    assertThat(Optimizer.of(Configs.tiny("opt_type=sgd"))).isEqualTo(new Sgd());
  }

  /// Parameters, first and second moments.
  private static List<Literal> start(AdamW adam, DType dtype) {
    List<Literal> leaves = new ArrayList<>(Weights.values(dtype, PARAMS));
    leaves.addAll(HostRun.run(Weights.template(dtype), adam::init, Weights.values(dtype, PARAMS)));
    return leaves;
  }

  private static List<Literal> update(
      AdamW adam, DType dtype, List<Literal> leaves, double[] grads, int step) {
    List<Literal> inputs = new ArrayList<>(leaves.subList(0, 2));
    inputs.addAll(Weights.values(DType.F32, grads));
    inputs.addAll(leaves.subList(2, 6));
    inputs.add(Literal.ofFloats(new float[] {(float) RATE}));
    inputs.add(Literal.ofInts(new int[] {step}));
    State template =
        new State(
            Weights.template(dtype),
            Weights.template(DType.F32),
            List.of(Weights.template(adam.muDtype()), Weights.template(dtype)),
            Array.placeholder(TensorType.of(DType.F32)),
            Array.placeholder(TensorType.of(DType.I32)));
    return HostRun.run(
        template, s -> adam.update(s.params, s.grads, s.moments, s.rate, s.step), inputs);
  }

  private static void assertClose(double[] found, double[] expected, double tolerance) {
    for (int i = 0; i < 6; i++) {
      assertThat(found[i])
          .as("number %d", i)
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }

  /// `scale_by_adam`, `add_decayed_weights`, `scale_by_learning_rate`, in double.
  private static final class Reference {
    private final AdamW adam;
    final double[] params = PARAMS.clone();
    final double[] mu = new double[6];
    final double[] nu = new double[6];

    Reference(AdamW adam) {
      this.adam = adam;
    }

    void update(double[] grads, int step) {
      for (int i = 0; i < 6; i++) {
        mu[i] = (1 - adam.b1()) * grads[i] + adam.b1() * mu[i];
        nu[i] = (1 - adam.b2()) * grads[i] * grads[i] + adam.b2() * nu[i];
        double muHat = mu[i] / (1 - Math.pow(adam.b1(), step + 1));
        double nuHat = nu[i] / (1 - Math.pow(adam.b2(), step + 1));
        double scaled = muHat / (Math.sqrt(nuHat + adam.epsRoot()) + adam.eps());
        params[i] -= RATE * (scaled + adam.weightDecay() * params[i]);
      }
    }
  }
}
