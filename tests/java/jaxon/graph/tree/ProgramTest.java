package jaxon.graph.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class ProgramTest {
  record Linear(Array kernel, Array bias, double scale) {
    Array apply(Array x) {
      return Ops.dot(x, kernel).mul(scale).add(bias.expandDims(0));
    }
  }

  record Input(Linear layer, Array x) {}

  record Output(Array y, List<Array> parts) {}

  private static Array template(long... dims) {
    return Array.placeholder(TensorType.of(DType.F32, dims));
  }

  private static Program<Input, Output> program() {
    Input input = new Input(new Linear(template(2, 3), template(3), 10), template(1, 2));
    return Program.trace(
        "forward",
        input,
        in -> {
          Array y = in.layer().apply(in.x());
          return new Output(y, List.of(y.sum(), in.x()));
        });
  }

  @Test
  void theGraphTakesAndGivesLeavesInOrder() {
    Program<Input, Output> program = program();
    assertThat(program.graph().inputTypes())
        .containsExactly(
            TensorType.of(DType.F32, 2, 3),
            TensorType.of(DType.F32, 3),
            TensorType.of(DType.F32, 1, 2));
    assertThat(Tree.paths(program.outputTemplate())).containsExactly("y", "parts.0", "parts.1");
    List<Literal> results =
        Interpreter.run(
            program.graph(),
            List.of(
                Literals.counting(DType.F32, 2, 3),
                Literals.floats(DType.F32, 1, 2, 3),
                Literal.ofFloats(new float[] {1, 2}, 1, 2)));
    assertThat(results.get(0).toDoubles()).containsExactly(61, 92, 123);
    assertThat(results.get(1).get(0)).isEqualTo(276);
  }

  @Test
  void templatesHoldNoValues() {
    Output output = program().outputTemplate();
    assertThat(output.y().type()).isEqualTo(TensorType.of(DType.F32, 1, 3));
    assertThatThrownBy(
            () -> Program.trace("use", template(1), x -> x.add(output.parts().getFirst())))
        .hasMessageContaining("a placeholder of type f32[] has no value");
  }

  @Test
  void aProgramMayBeCalledInATrace() {
    Program<Array, Array> square = Program.trace("square", template(2), Array::square);
    Program<Array, Array> fourth =
        Program.trace("fourth", template(2), x -> square.call(square.call(x)));
    assertThat(Interpreter.run(fourth.graph(), List.of(Literals.floats(DType.F32, 2, -1))))
        .containsExactly(Literals.floats(DType.F32, 16, 1));
  }
}
