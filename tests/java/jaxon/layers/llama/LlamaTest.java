package jaxon.layers.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.config.RematPolicy;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.Configs;
import jaxon.layers.ModelRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTest {
  private static final int VOCAB = 11;
  private static final int[] TOKENS = {3, 1, 4, 1, 5, 9};

  /// Loss and gradients with every value kept for the backward pass.
  private static List<Literal> kept;

  @BeforeAll
  static void differentiateWithoutRemat() {
    kept = gradients("remat_policy=none");
  }

  @Test
  void agreesWithLoops() {
    Configuration config =
        Configs.tiny("dtype=float64", "weight_dtype=float64", "scan_layers=false");
    ModelRun run = shaken(ModelRun.of(config));

    double[] logits = run.logits(TOKENS).toDoubles();

    double[][] expected = new NaiveLlama(run, config).logits(TOKENS);
    assertThat(logits)
        .containsExactly(
            Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray(), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16"})
  void scannedAndUnrolledGiveTheSameBits(String dtype) {
    Literal scanned = logits("dtype=" + dtype, "scan_layers=true");

    assertThat(logits("dtype=" + dtype, "scan_layers=false")).isEqualTo(scanned);
    assertThat(scanned.type()).isEqualTo(TensorType.of(DType.F32, 1, TOKENS.length, VOCAB));
  }

  @Test
  void laterTokensDoNotMatter() {
    ModelRun run = ModelRun.of(Configs.tiny());
    int[] other = {3, 1, 4, 7, 7, 7};

    double[] logits = run.logits(TOKENS).toDoubles();
    double[] changed = run.logits(other).toDoubles();

    assertThat(Arrays.copyOf(changed, 3 * VOCAB)).isEqualTo(Arrays.copyOf(logits, 3 * VOCAB));
    assertThat(Arrays.copyOfRange(changed, 3 * VOCAB, 6 * VOCAB))
        .isNotEqualTo(Arrays.copyOfRange(logits, 3 * VOCAB, 6 * VOCAB));
  }

  @Test
  void packedDocumentsAreAsIfAlone() {
    ModelRun run = ModelRun.of(Configs.tiny());

    double[] packed =
        run.logits(
                new int[] {3, 1, 4, 5, 9, 0},
                new int[] {0, 1, 2, 0, 1, 0},
                new int[] {1, 1, 1, 2, 2, 0})
            .toDoubles();

    assertThat(packed).doesNotContain(Double.NaN);
    assertThat(Arrays.copyOf(packed, 3 * VOCAB))
        .containsExactly(run.logits(3, 1, 4).toDoubles(), within(1e-6));
    assertThat(Arrays.copyOfRange(packed, 3 * VOCAB, 5 * VOCAB))
        .containsExactly(run.logits(5, 9).toDoubles(), within(1e-6));
  }

  @Test
  void tiedHeadIsTheEmbedding() {
    Configuration tied =
        Configs.tiny("logits_via_embedding=true", "normalize_embedding_logits=false");
    ModelRun run = ModelRun.of(tied);
    ModelRun untied = ModelRun.of(Configs.tiny());
    List<Literal> parameters = new ArrayList<>(run.parameters());
    Literal table = run.parameter("tokenEmbedder.embedding");
    parameters.add(
        Literal.generate(
            TensorType.of(DType.F32, 8, VOCAB), i -> table.get(i % VOCAB * 8 + i / VOCAB)));

    double[] expected = untied.with(parameters).logits(TOKENS).toDoubles();

    assertThat(run.logits(TOKENS).toDoubles()).containsExactly(expected, within(1e-6));
    double[] normalized = logits("logits_via_embedding=true").toDoubles();
    for (int i = 0; i < expected.length; i++) {
      assertThat(normalized[i]).isCloseTo(expected[i] / Math.sqrt(8), within(1e-6));
    }
  }

  @Test
  void bfloat16IsCloseToFloat32() {
    double[] exact = logits().toDoubles();
    double[] rounded = logits("dtype=bfloat16").toDoubles();

    assertThat(rounded).containsExactly(exact, within(0.1)).isNotEqualTo(exact);
    assertThat(mean(exact)).isGreaterThan(0.3);
  }

  @Test
  void logitsHaveTheConfiguredType() {
    assertThat(logits("dtype=bfloat16", "cast_logits_to_fp32=false").type().dtype())
        .isEqualTo(DType.BF16);
    assertThat(Arrays.stream(logits("dtype=bfloat16", "logits_dot_in_fp32=true").toDoubles()))
        .anyMatch(x -> DType.BF16.round(x) != x);
    assertThat(Arrays.stream(logits("dtype=bfloat16").toDoubles()))
        .allMatch(x -> DType.BF16.round(x) == x);
    assertThat(logits("dtype=float64").type().dtype()).isEqualTo(DType.F64);
  }

  @Test
  void finalSoftCapBoundsTheLogits() {
    double[] plain = logits().toDoubles();
    double[] capped = logits("final_logits_soft_cap=0.5").toDoubles();

    for (int i = 0; i < plain.length; i++) {
      assertThat(capped[i]).isCloseTo(0.5 * Math.tanh(plain[i] / 0.5), within(1e-6));
    }
  }

  static Stream<RematPolicy> policies() {
    return Stream.of(RematPolicy.values());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void rematPoliciesGiveTheSameLossAndGradients(RematPolicy policy) {
    String name = policy.name().toLowerCase(Locale.ROOT);
    List<Literal> found = gradients("remat_policy=" + name, "context=device");

    assertThat(found).isEqualTo(kept);
  }

  @Test
  void unrolledGradientsAreThoseOfTheScannedLayers() {
    List<Literal> scanned = gradients("remat_policy=full");
    List<Literal> unrolled = gradients("remat_policy=full", "scan_layers=false");

    assertThat(unrolled.getFirst()).isEqualTo(scanned.getFirst());
    // The kernel of mlp.wo: 8th of 9 parameters, after the loss and the embedding.
    Literal stacked = scanned.get(1 + 1 + 8);
    int size = 12 * 8;
    for (int layer = 0; layer < 3; layer++) {
      double[] one = unrolled.get(1 + 1 + layer * 9 + 8).toDoubles();
      assertThat(Arrays.copyOfRange(stacked.toDoubles(), layer * size, (layer + 1) * size))
          .isEqualTo(one);
    }
  }

  @Test
  void gradientsAreSlopesOfTheLoss() {
    Configuration config =
        Configs.tiny(
            "dtype=float64",
            "weight_dtype=float64",
            "remat_policy=minimal",
            "base_num_decoder_layers=2",
            "attn_logits_soft_cap=5",
            "attention_bias=true");
    ModelRun run = shaken(ModelRun.of(config));
    List<Literal> analytic = run.lossAndGradients(TOKENS);

    double step = 1e-6;
    for (int p = 0; p < run.parameters().size(); p++) {
      double slope = (loss(moved(run, p, step)) - loss(moved(run, p, -step))) / (2 * step);
      Literal gradient = analytic.get(1 + p);
      double expected = 0;
      for (int i = 0; i < gradient.type().shape().elements(); i++) {
        expected += gradient.get(i) * direction(i);
      }
      assertThat(slope).as("parameter %d", p).isCloseTo(expected, within(1e-8));
    }
  }

  private static double loss(ModelRun run) {
    return run.lossAndGradients(TOKENS).getFirst().get(0);
  }

  private static ModelRun moved(ModelRun run, int parameter, double step) {
    List<Literal> parameters = new ArrayList<>(run.parameters());
    Literal old = parameters.get(parameter);
    parameters.set(parameter, Literal.generate(old.type(), i -> old.get(i) + step * direction(i)));
    return run.with(parameters);
  }

  private static double direction(long i) {
    return Math.sin(1.7 * i + 1);
  }

  /// The model with norms and biases that are not all one or zero.
  private static ModelRun shaken(ModelRun run) {
    return run.with(
        run.parameters().stream()
            .map(p -> Literal.generate(p.type(), i -> p.get(i) + 0.1 * direction(i)))
            .toList());
  }

  private static Literal logits(String... overrides) {
    return ModelRun.of(Configs.tiny(overrides)).logits(TOKENS);
  }

  private static List<Literal> gradients(String... overrides) {
    return ModelRun.of(Configs.tiny(overrides)).lossAndGradients(TOKENS);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).map(Math::abs).average().orElseThrow();
  }
}
