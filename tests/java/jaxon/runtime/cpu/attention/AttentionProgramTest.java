package jaxon.runtime.cpu.attention;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.runtime.cpu.KernelRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attention and its gradient as the engine compiles them, empty ones too.
class AttentionProgramTest {
  static Stream<AttentionRun> cases() {
    return AttentionCases.programs();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(AttentionRun run) {
    Graph graph = run.graph();
    List<Literal> inputs = run.operands();
    KernelRun.assertClose(
        KernelRun.compiled(graph, inputs),
        Interpreter.run(graph, inputs),
        run.dtype() == DType.BF16 ? 0.02 : 1e-5);
  }
}
