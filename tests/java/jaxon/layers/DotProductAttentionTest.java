package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotProductAttentionTest {
  private static final int BATCH = 2;
  private static final int LENGTH = 6;
  private static final int HEAD_DIM = 4;
  private static final int[] SEGMENTS = {1, 1, 2, 2, 2, 0, 3, 3, 3, 3, 0, 0};

  @ParameterizedTest
  @CsvSource({
    "4, 4, true, 0, 0, false",
    "4, 2, true, 0, 0, false",
    "4, 1, true, 0, 0, false",
    "4, 2, false, 0, 0, false",
    "6, 2, true, 0, 0.7, false",
    "4, 2, true, 2, 0, false",
    "4, 2, false, 2, 0, true",
    "4, 2, true, 0, 0.7, true",
  })
  void agreesWithLoops(
      int heads, int groups, boolean causal, int window, double cap, boolean sinks) {
    Literal q = Eager.random(DType.F64, 1, BATCH, LENGTH, heads, HEAD_DIM);
    Literal k = Eager.random(DType.F64, 2, BATCH, LENGTH, groups, HEAD_DIM);
    Literal v = Eager.random(DType.F64, 3, BATCH, LENGTH, groups, HEAD_DIM);
    Literal sink = Eager.random(DType.F64, 4, heads);
    DotProductAttention core = new DotProductAttention(causal, window, 0.5, cap, false, false);

    double[] expected = naive(core, q, k, v, sinks ? sink : null, heads, groups);

    Literal segments = Literal.ofInts(SEGMENTS, BATCH, LENGTH);
    double[] found =
        Eager.doubles(
            List.of(q, k, v, segments, sink),
            a ->
                sinks
                    ? core.apply(a.get(0), a.get(1), a.get(2), a.get(3), a.get(3), a.get(4))
                    : core.apply(a.get(0), a.get(1), a.get(2), a.get(3), a.get(3)));
    assertThat(found).containsExactly(expected, within(1e-12));
  }

  @Test
  void ignoresTheFutureAndOtherSegments() {
    Literal q = Eager.random(DType.F32, 1, 1, LENGTH, 2, HEAD_DIM);
    Literal k = Eager.random(DType.F32, 2, 1, LENGTH, 1, HEAD_DIM);
    Literal v = Eager.random(DType.F32, 3, 1, LENGTH, 1, HEAD_DIM);
    int[] segments = {1, 1, 2, 2, 2, 2};
    DotProductAttention core = new DotProductAttention(true, 0, 0.5, 0, false, false);
    double[] before = run(core, q, k, v, segments);

    double[] after = run(core, q, changed(k, 3), changed(v, 3), segments);

    int row = 2 * HEAD_DIM;
    assertThat(Arrays.copyOf(after, 3 * row)).isEqualTo(Arrays.copyOf(before, 3 * row));
    for (int t = 3; t < LENGTH; t++) {
      assertThat(Arrays.copyOfRange(after, t * row, (t + 1) * row))
          .isNotEqualTo(Arrays.copyOfRange(before, t * row, (t + 1) * row));
    }
    double[] otherSegment = run(core, q, changed(k, 0), changed(v, 0), segments);
    assertThat(Arrays.copyOfRange(otherSegment, 2 * row, LENGTH * row))
        .isEqualTo(Arrays.copyOfRange(before, 2 * row, LENGTH * row));
  }

  @Test
  void rowsThatSeeNothingAreZero() {
    Literal q = Eager.random(DType.BF16, 1, 1, 2, 1, HEAD_DIM);
    Literal k = Eager.random(DType.BF16, 2, 1, 3, 1, HEAD_DIM);
    DotProductAttention core = new DotProductAttention(false, 0, 0.5, 0, false, false);

    double[] y =
        Eager.doubles(
            List.of(
                q, k, Eager.ints(new long[] {1, 2}, 0, 1), Eager.ints(new long[] {1, 3}, 1, 1, 1)),
            a -> core.apply(a.get(0), a.get(1), a.get(1), a.get(2), a.get(3)));

    assertThat(Arrays.copyOf(y, HEAD_DIM)).containsOnly(0);
    assertThat(Arrays.copyOfRange(y, HEAD_DIM, 2 * HEAD_DIM)).doesNotContain(0);
  }

  @Test
  void largeLogitsDoNotOverflow() {
    Literal q = Literal.splat(TensorType.of(DType.F32, 1, 2, 1, HEAD_DIM), 1e15);
    DotProductAttention core = new DotProductAttention(true, 0, 1, 0, false, false);

    assertThat(run(core, q, q, q, new int[] {1, 1})).containsOnly(1e15f);
  }

  @Test
  void float32SwitchesKeepMoreDigits() {
    Literal q = Eager.random(DType.BF16, 1, 1, 32, 1, 16);
    Literal k = Eager.random(DType.BF16, 2, 1, 32, 1, 16);
    Literal v = Eager.random(DType.BF16, 3, 1, 32, 1, 16);
    int[] segments = new int[32];
    double[] exact =
        run(
            new DotProductAttention(true, 0, 4, 0, false, false),
            widened(q),
            widened(k),
            widened(v),
            segments);

    double rounded =
        error(run(new DotProductAttention(true, 0, 4, 0, false, false), q, k, v, segments), exact);
    double logits =
        error(run(new DotProductAttention(true, 0, 4, 0, false, true), q, k, v, segments), exact);
    double product =
        error(run(new DotProductAttention(true, 0, 4, 0, true, false), q, k, v, segments), exact);

    assertThat(logits).isLessThan(0.8 * rounded);
    assertThat(product).isLessThan(0.8 * rounded);
    assertThat(rounded).isLessThan(0.02);
  }

  @Test
  void saysWhatDoesNotFit() {
    Literal q = Eager.random(DType.F32, 1, 1, 4, 3, HEAD_DIM);
    Literal k = Eager.random(DType.F32, 2, 1, 4, 2, HEAD_DIM);
    Literal shorter = Eager.random(DType.F32, 2, 1, 3, 1, HEAD_DIM);
    DotProductAttention core = new DotProductAttention(true, 0, 1, 0, false, false);

    assertThatThrownBy(() -> run(core, q, k, k, new int[4]))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("G dividing H");
    assertThatThrownBy(() -> new DotProductAttention(true, -1, 1, 0, false, false))
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> run(core, q, shorter, shorter, new int[4]))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("S = T");
  }

  private static double[] run(
      DotProductAttention core, Literal q, Literal k, Literal v, int[] segments) {
    long batch = q.type().shape().dim(0);
    Literal s = Literal.ofInts(segments, batch, segments.length / batch);
    return Eager.doubles(
        List.of(q, k, v, s), a -> core.apply(a.get(0), a.get(1), a.get(2), a.get(3), a.get(3)));
  }

  private static double[] naive(
      DotProductAttention core,
      Literal q,
      Literal k,
      Literal v,
      @Nullable Literal sinks,
      int heads,
      int groups) {
    double[] out = new double[BATCH * LENGTH * heads * HEAD_DIM];
    for (int b = 0; b < BATCH; b++) {
      for (int t = 0; t < LENGTH; t++) {
        for (int h = 0; h < heads; h++) {
          int group = h / (heads / groups);
          double[] weights = new double[LENGTH];
          double total = sinks == null ? 0 : Math.exp(sinks.get(h));
          for (int s = 0; s < LENGTH; s++) {
            boolean seen =
                SEGMENTS[b * LENGTH + t] == SEGMENTS[b * LENGTH + s]
                    && (!core.causal() || s <= t)
                    && (core.slidingWindowSize() == 0
                        || Math.abs(t - s) < core.slidingWindowSize());
            double logit = 0;
            for (int i = 0; i < HEAD_DIM; i++) {
              logit +=
                  q.get(at(b, t, h, heads) + i) * k.get(at(b, s, group, groups) + i) * core.scale();
            }
            double capped =
                core.softCap() == 0 ? logit : core.softCap() * Math.tanh(logit / core.softCap());
            weights[s] = seen ? Math.exp(capped) : 0;
            total += weights[s];
          }
          for (int i = 0; i < HEAD_DIM; i++) {
            for (int s = 0; s < LENGTH; s++) {
              out[at(b, t, h, heads) + i] +=
                  weights[s] / total * v.get(at(b, s, group, groups) + i);
            }
          }
        }
      }
    }
    return out;
  }

  private static int at(int b, int t, int head, int heads) {
    return ((b * LENGTH + t) * heads + head) * HEAD_DIM;
  }

  /// One row of `[1, T, 1, K]` made different.
  private static Literal changed(Literal x, int row) {
    return Literal.generate(x.type(), i -> i / HEAD_DIM == row ? x.get(i) + 1 + 0.1 * i : x.get(i));
  }

  private static Literal widened(Literal x) {
    return Literal.ofDoubles(x.toDoubles(), x.type().shape().toArray());
  }

  private static double error(double[] found, double[] exact) {
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      sum += Math.abs(found[i] - exact[i]);
    }
    return sum / exact.length;
  }
}
