package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerStackTest {
  private static final int LENGTH = 3;
  private static final Literal KEY = Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {1, 2});

  record Affine(Array weight, Array shift, String label) {
    static Affine init(Initializer init) {
      return new Affine(
          init.param(Shape.of(4, 4), LogicalAxes.of("embed", "mlp"), Distribution.fanIn(1, 4)),
          init.param(Shape.of(4), LogicalAxes.of("norm"), Distribution.normal(1)),
          "static");
    }

    Array apply(Array x, Array gain) {
      Linear linear = new Linear(weight, Optional.of(shift), 1, DType.F32);
      return linear.apply(x).tanh().mul(gain);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothFormsGiveTheSameBits(boolean remat) {
    Optional<RematPolicy> policy = remat ? Optional.of(RematPolicy.FULL) : Optional.empty();

    assertThat(result(true, policy)).isEqualTo(result(false, Optional.empty()));
  }

  @Test
  void initialParametersAreTheSameBitsAndDifferByLayer() {
    Literal stacked = parameters(true).getFirst();
    List<Literal> unrolled = parameters(false);

    for (int layer = 0; layer < LENGTH; layer++) {
      for (int i = 0; i < 16; i++) {
        assertThat(stacked.get(layer * 16 + i)).isEqualTo(unrolled.get(2 * layer).get(i));
      }
    }
    assertThat(unrolled.get(0)).isNotEqualTo(unrolled.get(2));
  }

  @Test
  void stackedParametersGetALayersAxis() {
    Eager.run(
        List.of(KEY),
        args -> {
          Initializer init = new Initializer(args.getFirst(), DType.F32);
          LayerStack<Affine> stack = stack(init, true, Optional.empty());
          assertThat(Tree.leaves(stack).stream().map(init::axesOf))
              .containsExactly(
                  LogicalAxes.of("layers", "embed", "mlp"), LogicalAxes.of("layers", "norm"));
          assertThat(stack)
              .isInstanceOfSatisfying(
                  LayerStack.Scanned.class,
                  scanned -> assertThat(scanned.length()).isEqualTo(LENGTH));
          return Tree.leaves(stack).getFirst();
        });
  }

  private static Literal result(boolean scan, Optional<RematPolicy> remat) {
    Literal x = Eager.random(DType.F32, 5, 2, 4);
    return Eager.run(
        List.of(KEY, x),
        args -> {
          Array gain = Tree.leaves(args.get(1)).getFirst().mean().exp();
          return stack(new Initializer(args.get(0), DType.F32), scan, remat)
              .apply(args.get(1), (layer, h) -> layer.apply(h, gain));
        });
  }

  private static List<Literal> parameters(boolean scan) {
    return Eager.runAll(
        List.of(KEY),
        args ->
            Tree.leaves(
                stack(new Initializer(args.getFirst(), DType.F32), scan, Optional.empty())));
  }

  private static LayerStack<Affine> stack(
      Initializer init, boolean scan, Optional<RematPolicy> remat) {
    return LayerStack.init(init, LENGTH, scan, remat, Affine::init);
  }
}
