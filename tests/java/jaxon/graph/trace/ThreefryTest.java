package jaxon.graph.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Known answers: the test vectors of the Random123 library (`threefry2x32`, 20 rounds) and numbers
/// that the documentation of JAX prints for its present (partitionable) generator.
class ThreefryTest {
  /// Printed numbers have eight digits; float32 libraries differ by an ulp or two.
  private static final Offset<Double> PRINTED = within(1.5e-7);

  private static Literal eval(Supplier<Array> function) {
    return Interpreter.run(
            Tracer.traceClosed("random", List.of(), _ -> List.of(function.get())), List.of())
        .getFirst();
  }

  private static long[] words(Supplier<Array> function) {
    Literal literal = eval(function);
    long[] words = new long[(int) literal.type().shape().elements()];
    Arrays.setAll(words, literal::getLong);
    return words;
  }

  private static Array word(String hex) {
    return Ops.constant(DType.UI32, (double) Long.parseLong(hex, 16));
  }

  private static Array row(Array keys, int index) {
    return keys.slice(0, index, index + 1).squeeze(0);
  }

  /// Source: Random123, `kat_vectors`.
  @ParameterizedTest
  @CsvSource({
    "00000000, 00000000, 00000000, 00000000, 6b200159, 99ba4efe",
    "ffffffff, ffffffff, ffffffff, ffffffff, 1cb996fc, bb002be7",
    "13198a2e, 03707344, 243f6a88, 85a308d3, c4923a9c, 483df7a0"
  })
  void random123Vectors(String k0, String k1, String x0, String x1, String y0, String y1) {
    long[] found = words(() -> Ops.stack(Threefry.block(word(k0), word(k1), word(x0), word(x1))));
    assertThat(found).containsExactly(Long.parseLong(y0, 16), Long.parseLong(y1, 16));
  }

  @Test
  void aKeyIsTheTwoHalvesOfItsSeed() {
    assertThat(words(() -> Threefry.key(42))).containsExactly(0, 42);
    assertThat(words(() -> Threefry.key((7L << 32) + 0xFFFF_FFFFL)))
        .containsExactly(7, 0xFFFF_FFFFL);
    assertThat(words(() -> Threefry.key(-1))).containsExactly(0xFFFF_FFFFL, 0xFFFF_FFFFL);
  }

  /// Source: docs.jax.dev, "jax.random module", basic usage.
  @Test
  void uniformNumbersOfTheModulePage() {
    assertThat(eval(() -> unit(Threefry.key(0))).get(0)).isCloseTo(0.947667, within(5e-7));
    Supplier<Array> ofSubkey = () -> unit(row(Threefry.split(Threefry.key(0), 2), 1));
    assertThat(eval(ofSubkey).get(0)).isCloseTo(0.00729382, within(5e-9));
  }

  private static Array unit(Array key) {
    return Threefry.uniform(key, Shape.SCALAR, 0, 1);
  }

  private static Array normal(Array key) {
    return Threefry.normal(key, Shape.SCALAR);
  }

  /// Source: the doc comment of `jax.experimental.random.stateful_rng`, whose `key()` folds 0, 1, …
  /// into the key of seed 0.
  @Test
  void foldedKeys() {
    assertThat(words(() -> Threefry.foldIn(Threefry.key(0), Ops.constant(DType.UI32, 0))))
        .containsExactly(1797259609L, 2579123966L);
    assertThat(words(() -> Threefry.foldIn(Threefry.key(0), Ops.constant(DType.UI32, 1))))
        .containsExactly(928981903L, 3453687069L);
  }

  /// In the partitionable generator key `i` of a split is the hash of counter `i`, as is folding in
  /// `i` (`_threefry_split_foldlike` and `_threefry_fold_in` of jax/_src/prng.py).
  @Test
  void splitKeysAreFoldedKeys() {
    assertThat(words(() -> Threefry.split(Threefry.key(0), 2)))
        .containsExactly(1797259609L, 2579123966L, 928981903L, 3453687069L);
    assertThat(words(() -> row(Threefry.split(Threefry.key(1701), 5), 4)))
        .isEqualTo(words(() -> Threefry.foldIn(Threefry.key(1701), Ops.constant(DType.UI32, 4))));
  }

  /// Source: docs.jax.dev, "Pseudorandom numbers", explicit random state.
  @Test
  void normalNumbersDrawnOneAfterTheOther() {
    assertThat(eval(() -> normal(Threefry.key(42))).get(0)).isCloseTo(-0.028304616, PRINTED);
    double[] draws = {0.6057640314102173, -0.21089035272598267, -0.3948981463909149};
    for (int i = 0; i < draws.length; i++) {
      int draw = i;
      Supplier<Array> function =
          () -> {
            Array key = Threefry.key(42);
            for (int step = 0; step < draw; step++) {
              key = row(Threefry.split(key, 2), 0);
            }
            return normal(row(Threefry.split(key, 2), 1));
          };
      assertThat(eval(function).get(0)).as("draw %s", i).isCloseTo(draws[i], PRINTED);
    }
  }

  /// Source: docs.jax.dev, "Pseudorandom numbers", lack of sequential equivalence.
  @Test
  void normalNumbersIndividuallyAndAllAtOnce() {
    Literal all = eval(() -> Threefry.normal(Threefry.key(42), Shape.of(3)));
    assertClose(all.toDoubles(), -0.02830462, 0.46713185, 0.29570296);
    double[] individually = new double[3];
    for (int i = 0; i < 3; i++) {
      int at = i;
      individually[i] = eval(() -> normal(row(Threefry.split(Threefry.key(42), 3), at))).get(0);
    }
    assertClose(individually, 0.07592554, 0.60576403, 0.4323065);
  }

  private static void assertClose(double[] found, double... expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], PRINTED);
    }
  }

  @Test
  void numbersDependOnTheElementNumberAlone() {
    double[] flat = eval(() -> Threefry.normal(Threefry.key(7), Shape.of(24))).toDoubles();
    double[] cube = eval(() -> Threefry.normal(Threefry.key(7), Shape.of(2, 3, 4))).toDoubles();
    assertThat(cube).containsExactly(flat);
  }

  @Test
  void uniformNumbersLieInTheirRange() {
    Literal numbers = eval(() -> Threefry.uniform(Threefry.key(3), Shape.of(4000), -2, 6));
    double sum = 0;
    for (double number : numbers.toDoubles()) {
      assertThat(number).isGreaterThanOrEqualTo(-2).isLessThan(6);
      sum += number;
    }
    assertThat(sum / 4000).isCloseTo(2, within(0.15));
  }

  @Test
  void truncatedNormalNumbersHaveTheMomentsOfTheirDistribution() {
    Literal numbers = eval(() -> Threefry.truncatedNormal(Threefry.key(5), -2, 2, Shape.of(4000)));
    double squares = 0;
    for (double number : numbers.toDoubles()) {
      assertThat(number).isGreaterThan(-2).isLessThan(2);
      squares += number * number;
    }
    // The standard deviation of a standard normal truncated to (-2, 2).
    assertThat(Math.sqrt(squares / 4000)).isCloseTo(0.87962566, within(0.02));
  }

  @Test
  void inverseErrorFunction() {
    double[] ys = {-0.999, -0.5, 0, 1e-6, 0.3, 0.9, 0.99999};
    TensorType type = TensorType.of(DType.F32, ys.length);
    Literal input = Literal.generate(type, i -> ys[(int) i]);
    List<Literal> results =
        Interpreter.run(
            Tracer.traceClosed(
                "erfinv",
                List.of(type),
                args -> List.of(ErfInv.apply(args.getFirst()).astype(DType.F64).erf())),
            List.of(input));
    for (int i = 0; i < ys.length; i++) {
      assertThat(results.getFirst().get(i)).isCloseTo(input.get(i), within(2e-7));
    }
    Literal edges =
        eval(() -> ErfInv.apply(Ops.constant(Literal.ofFloats(new float[] {1, -1, Float.NaN}, 3))));
    assertThat(edges.toDoubles())
        .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
  }

  @Test
  void emptyTensorsAreAllowedAndTensorsBeyondTheCounterAreNot() {
    assertThat(eval(() -> Threefry.normal(Threefry.key(0), Shape.of(0, 3))).toDoubles()).isEmpty();
    assertThatThrownBy(() -> eval(() -> Threefry.bits(Threefry.key(0), Shape.of(1L << 33))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 2^32 elements");
    assertThatThrownBy(
            () -> eval(() -> Threefry.foldIn(Threefry.key(0), Ops.constant(DType.I32, 1))))
        .isInstanceOf(ShapeException.class);
  }
}
