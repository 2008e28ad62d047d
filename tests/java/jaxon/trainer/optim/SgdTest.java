package jaxon.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.trainer.HostRun;
import org.junit.jupiter.api.Test;

class SgdTest {
  record Inputs(Weights params, Weights grads, Array rate) {}

  @Test
  void goesAgainstTheGradientAndHasNoState() {
    List<Literal> inputs = new ArrayList<>(Weights.values(DType.F32, 1, 2, 3, 4, 5, 6));
    inputs.addAll(Weights.values(DType.F32, 4, -4, 0, 8, 2, -2));
    inputs.add(Literal.ofFloats(new float[] {0.25f}));
    Inputs template =
        new Inputs(
            Weights.template(DType.F32),
            Weights.template(DType.F32),
            Array.placeholder(TensorType.of(DType.F32)));

    List<Literal> leaves =
        HostRun.run(
            template,
            in -> new Sgd().update(in.params, in.grads, List.of(), in.rate, in.rate),
            inputs);

    assertThat(leaves).hasSize(2);
    assertThat(Weights.six(leaves, 0)).containsExactly(0, 3, 3, 2, 4.5, 6.5);
    assertThat(HostRun.run(template, in -> new Sgd().init(in.params), inputs)).isEmpty();
  }
}
