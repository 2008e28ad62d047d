package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.config.RopeConfig;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotaryEmbeddingTest {
  private static final int HEAD_DIM = 8;

  @Test
  void turnsPairsOfHalvesAsComplexNumbers() {
    Literal x = Eager.random(DType.F64, 1, 1, 3, 2, HEAD_DIM);
    int[] positions = {0, 5, 1000};

    double[] y = rotated(x, positions, plain());

    for (int t = 0; t < 3; t++) {
      for (int head = 0; head < 2; head++) {
        for (int pair = 0; pair < HEAD_DIM / 2; pair++) {
          int first = (t * 2 + head) * HEAD_DIM + pair;
          int second = first + HEAD_DIM / 2;
          double angle = positions[t] * Math.pow(10_000, -2.0 * pair / HEAD_DIM);
          double re = x.get(first) * Math.cos(angle) - x.get(second) * Math.sin(angle);
          double im = x.get(first) * Math.sin(angle) + x.get(second) * Math.cos(angle);
          assertThat(y[first]).isCloseTo(re, within(1e-12));
          assertThat(y[second]).isCloseTo(im, within(1e-12));
        }
      }
    }
  }

  @Test
  void productsDependOnTheDistanceOnly() {
    Literal q = Eager.random(DType.F64, 1, 1, 1, 1, HEAD_DIM);
    Literal k = Eager.random(DType.F64, 2, 1, 1, 1, HEAD_DIM);

    double near = dot(rotated(q, new int[] {7}, plain()), rotated(k, new int[] {3}, plain()));
    double far = dot(rotated(q, new int[] {107}, plain()), rotated(k, new int[] {103}, plain()));
    double other = dot(rotated(q, new int[] {8}, plain()), rotated(k, new int[] {3}, plain()));

    assertThat(far).isCloseTo(near, within(1e-12));
    assertThat(other).isNotCloseTo(near, within(1e-3));
  }

  @Test
  void linearScalingDividesPositions() {
    Literal x = Eager.random(DType.F64, 1, 1, 1, 1, HEAD_DIM);
    RopeConfig slow = Configs.tiny("rope_linear_scaling_factor=8").rope();

    assertThat(rotated(x, new int[] {80}, slow))
        .containsExactly(rotated(x, new int[] {10}, plain()), within(1e-12));
  }

  @Test
  void anglesAreFloat32ForSmallerTypes() {
    Literal x = Eager.random(DType.BF16, 1, 1, 1, 1, HEAD_DIM);
    double[] exact =
        rotated(Literal.ofDoubles(x.toDoubles(), 1, 1, 1, HEAD_DIM), new int[] {100_003}, plain());

    double[] y = rotated(x, new int[] {100_003}, plain());

    // A bfloat16 position would be off by up to 256.
    assertThat(y).containsExactly(exact, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(doubles = {8, 32})
  void llama31FrequenciesFollowTheReference(double factor) {
    RopeConfig config =
        Configs.tiny("rope_type=llama3.1", "rope_factor=" + factor, "rope_max_timescale=500000")
            .rope();
    RotaryEmbedding rope = new RotaryEmbedding(128, config);

    int kept = 0;
    int lowered = 0;
    for (int pair = 0; pair < 64; pair++) {
      double plain = Math.pow(500_000, -pair / 64.0);
      double expected = reference(plain, factor);
      assertThat(rope.frequency(pair)).isCloseTo(expected, within(1e-12 * plain));
      kept += expected == plain ? 1 : 0;
      lowered += expected == plain / factor ? 1 : 0;
    }
    assertThat(kept).isBetween(20, 40);
    assertThat(lowered).isBetween(20, 40);
    assertThat(kept + lowered).isLessThan(64);
  }

  /// By wavelengths, as Hugging Face's `rope_type: llama3` is documented.
  private static double reference(double frequency, double factor) {
    double wavelength = 2 * Math.PI / frequency;
    double longest = 8192 / 1.0;
    double shortest = 8192 / 4.0;
    if (wavelength < shortest) {
      return frequency;
    }
    if (wavelength > longest) {
      return frequency / factor;
    }
    double smooth = (8192 / wavelength - 1.0) / (4.0 - 1.0);
    return (1 - smooth) * frequency / factor + smooth * frequency;
  }

  private static RopeConfig plain() {
    return Configs.tiny().rope();
  }

  private static double[] rotated(Literal x, int[] positions, RopeConfig config) {
    RotaryEmbedding rope = new RotaryEmbedding(HEAD_DIM, config);
    return Eager.doubles(
        List.of(x, Literal.ofInts(positions, 1, positions.length)),
        args -> rope.at(args.get(1), x.type().dtype()).apply(args.get(0)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
