package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final LogicalAxes AXES = LogicalAxes.of("embed", "mlp");
  private static final Shape SHAPE = Shape.of(100, 200);

  @Test
  void fanInGivesTheVariance() {
    double[] values =
        made(DType.F32, init -> init.param(SHAPE, AXES, Distribution.fanIn(2.0, 50))).toDoubles();

    double stddev = Math.sqrt(2.0 / 50);
    assertThat(stddev(values)).isCloseTo(stddev, within(0.01 * stddev));
    assertThat(Arrays.stream(values).average()).hasValueCloseTo(0.0, within(0.01 * stddev));
    double bound = 2 * stddev / 0.8796256610342398;
    assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow())
        .isBetween(0.99 * bound, 1.000001 * bound);
  }

  @Test
  void normalGivesTheDeviation() {
    double[] values =
        made(DType.F32, init -> init.param(SHAPE, AXES, Distribution.normal(0.02))).toDoubles();

    assertThat(stddev(values)).isCloseTo(0.02, within(0.0003));
    assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow()).isGreaterThan(0.06);
  }

  @Test
  void linearTakesTheFanInOfAllContractedDims() {
    LogicalAxes axes = LogicalAxes.of("heads", "kv", "embed");
    double[] values =
        made(
                DType.F32,
                init -> Linear.init(init, Shape.of(4, 16, 300), axes, 2, 1.0, DType.F32).kernel())
            .toDoubles();

    assertThat(stddev(values)).isCloseTo(1.0 / 8, within(0.002));
  }

  @Test
  void embeddingHasTheDeviationOfMaxText() {
    double[] values =
        made(DType.F32, init -> Embedding.init(init, 300, 64, DType.F32).embedding()).toDoubles();

    assertThat(stddev(values)).isCloseTo(1.0 / 8, within(0.002));
  }

  @Test
  void constantsAndTypes() {
    Literal ones = made(DType.BF16, init -> init.param(SHAPE, AXES, Distribution.ones()));

    assertThat(ones.type()).isEqualTo(new TensorType(DType.BF16, SHAPE));
    assertThat(ones.toDoubles()).containsOnly(1.0);
    assertThat(made(DType.F32, init -> init.param(SHAPE, AXES, Distribution.zeros())).toDoubles())
        .containsOnly(0.0);
  }

  @Test
  void everyParameterDiffers() {
    List<Literal> made =
        Eager.runAll(
            List.of(key()),
            args -> {
              Initializer init = new Initializer(args.getFirst(), DType.F32);
              Initializer scope = init.scope();
              return List.of(normal(init), normal(init), normal(scope), normal(init.scope()));
            });

    assertThat(made.stream().map(m -> m.get(0))).doesNotHaveDuplicates();
  }

  @Test
  void scopesDoNotChangeEachOther() {
    Function<Integer, Literal> lastOf =
        extra ->
            made(
                DType.F32,
                init -> {
                  Initializer first = init.scope();
                  for (int i = 0; i < extra; i++) {
                    normal(first);
                  }
                  return normal(init.scope());
                });

    assertThat(lastOf.apply(3)).isEqualTo(lastOf.apply(1));
  }

  @Test
  void remembersAxesOfItsOwnOnly() {
    Eager.run(
        List.of(key()),
        args -> {
          Initializer init = new Initializer(args.getFirst(), DType.F32);
          Array parameter = init.scope().param(SHAPE, AXES, Distribution.ones());
          assertThat(init.axesOf(parameter)).isEqualTo(AXES);
          assertThatThrownBy(() -> init.axesOf(parameter.mul(2)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("no parameter of this initializer");
          return parameter;
        });
  }

  @Test
  void needsOneAxisPerDim() {
    assertThatThrownBy(() -> made(DType.F32, i -> i.param(Shape.of(3), AXES, Distribution.ones())))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("one logical axis per dim");
  }

  private static Array normal(Initializer init) {
    return init.param(Shape.of(4), LogicalAxes.of("norm"), Distribution.normal(1));
  }

  private static Literal made(DType dtype, Function<Initializer, Array> make) {
    return Eager.run(List.of(key()), a -> make.apply(new Initializer(a.getFirst(), dtype)));
  }

  private static Literal key() {
    return Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 7});
  }

  private static double stddev(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
  }
}
