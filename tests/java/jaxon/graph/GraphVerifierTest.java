package jaxon.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class GraphVerifierTest {
  private static final TensorType SCALAR = TensorType.of(DType.F32);
  private static final SourceLine LINE = new SourceLine("Model.java", 31, "apply");

  private final Var x = new Var(SCALAR);
  private final Var y = new Var(SCALAR);

  private static Equation equation(Var output, Var... inputs) {
    return new Equation(
        inputs.length == 1 ? UnaryOp.NEGATE : BinaryOp.ADD,
        List.of(inputs),
        List.of(output),
        List.of(),
        LINE);
  }

  private static void assertIllegal(Graph graph, String problem) {
    assertThatThrownBy(() -> GraphVerifier.verify(graph, "FoldConstants"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("illegal graph 'g' after FoldConstants")
        .hasMessageContaining(problem);
  }

  private static Graph graph(List<Var> inputs, List<Equation> equations, List<Var> outputs) {
    return new Graph("g", inputs, equations, outputs);
  }

  @Test
  void legalGraphsPass() {
    Graph legal = graph(List.of(x), List.of(equation(y, x)), List.of(y, x, y));
    assertThatCode(() -> GraphVerifier.verify(legal, "test")).doesNotThrowAnyException();
  }

  @Test
  void anInputListedTwice() {
    assertIllegal(graph(List.of(x, x), List.of(), List.of(x)), "is listed twice");
  }

  @Test
  void aValueUsedBeforeItIsDefined() {
    Var z = new Var(SCALAR);
    List<Equation> wrongOrder = List.of(equation(z, y), equation(y, x));
    assertIllegal(
        graph(List.of(x), wrongOrder, List.of(z)),
        "stablehlo.negate at Model.java:31 (apply) uses undefined value");
  }

  @Test
  void aValueDefinedTwice() {
    List<Equation> twice = List.of(equation(y, x), equation(y, x));
    assertIllegal(graph(List.of(x), twice, List.of(y)), "again");
    assertIllegal(graph(List.of(x), List.of(equation(x, x)), List.of(x)), "again");
  }

  @Test
  void anOutputThatNothingDefines() {
    assertIllegal(graph(List.of(x), List.of(), List.of(y)), "is not defined");
  }

  @Test
  void anOutputOfAnotherTypeThanTheOpGives() {
    Var wrong = new Var(TensorType.of(DType.F32, 2));
    assertIllegal(
        graph(List.of(x), List.of(equation(wrong, x)), List.of(wrong)),
        "gives [f32[]], not [f32[2]]");
  }

  @Test
  void operandsThatTheOpDoesNotAllow() {
    Var other = new Var(TensorType.of(DType.I32));
    assertIllegal(
        graph(List.of(x, other), List.of(equation(y, x, other)), List.of(y)),
        "operands must have one type");
  }

  @Test
  void aRegionThatUsesAValueFromOutside() {
    Graph region = graph(List.of(), List.of(), List.of(x));
    Equation remat =
        new Equation(
            new ControlOp.Remat(RematPolicy.FULL), List.of(), List.of(y), List.of(region), LINE);
    assertIllegal(graph(List.of(x), List.of(remat), List.of(y)), "is not defined");
  }

  @Test
  void anIllegalRegionInsideARegion() {
    Graph broken = graph(List.of(x), List.of(equation(y, y)), List.of(y));
    Var inner = new Var(SCALAR);
    Var innerOut = new Var(SCALAR);
    ControlOp.Remat remat = new ControlOp.Remat(RematPolicy.FULL);
    Graph middle =
        graph(
            List.of(inner),
            List.of(new Equation(remat, List.of(inner), List.of(innerOut), List.of(broken), LINE)),
            List.of(innerOut));
    Var outer = new Var(SCALAR);
    Var outerOut = new Var(SCALAR);
    Equation call = new Equation(remat, List.of(outer), List.of(outerOut), List.of(middle), LINE);
    assertIllegal(graph(List.of(outer), List.of(call), List.of(outerOut)), "uses undefined value");
  }

  @Test
  void renamingsSayWhatIsMissing() {
    Renaming renaming = Renaming.of(List.of(x), List.of(y));
    assertThat(renaming.get(x)).isSameAs(y);
    assertThatThrownBy(() -> renaming.get(y)).hasMessageContaining("before it is defined");
    assertThatThrownBy(() -> renaming.putAll(List.of(x, y), List.of(x)))
        .hasMessageContaining("cannot rename 2 values to 1");
  }

  @Test
  void builderInlinesCopies() {
    Graph negate = graph(List.of(x), List.of(equation(y, x)), List.of(y));
    GraphBuilder builder = new GraphBuilder();
    Var input = builder.input(SCALAR);
    List<Var> once = builder.inline(negate, List.of(input));
    List<Var> twice = builder.inline(negate, once);
    Graph result = builder.build("twice", twice);
    assertThatCode(() -> GraphVerifier.verify(result, "test")).doesNotThrowAnyException();
    assertThat(result.equations()).hasSize(2).allMatch(e -> e.source().equals(LINE));
    assertThatThrownBy(() -> builder.inline(negate, List.of()))
        .hasMessageContaining("takes 1 inputs, got 0");
    assertThatThrownBy(() -> new Equation(UnaryOp.ABS, twice, List.of(), List.of(), LINE).output())
        .hasMessageContaining("has 0 outputs, not one");
  }
}
