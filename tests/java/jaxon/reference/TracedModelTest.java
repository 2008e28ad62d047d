package jaxon.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.autodiff.Grad;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The traced Llama gives the logits, the loss and the gradients of the one written by hand.
class TracedModelTest {
  private static final double Z_LOSS = 1e-2;
  private static final int ROWS = 2;
  private static final int LENGTH = 6;

  /// What the traced program takes.
  private record Input(CausalLm model, TokenBatch batch, Array targets, Array targetSegments) {}

  /// What the traced program gives.
  private record Output(Array logits, Array loss, CausalLm gradients) {}

  @ParameterizedTest
  @CsvSource({
    "float64, false, true, none, 1e-12",
    "float64, true, true, full, 1e-12",
    "float64, false, false, none, 1e-12",
    "float64, true, false, minimal, 1e-12",
    "float64, false, true, save_qkv_proj, 1e-12",
    "float32, false, true, none, 1e-5",
    "float32, true, false, full, 1e-5",
  })
  void logitsLossAndGradients(
      String dtype, boolean tied, boolean scan, String remat, double tolerance) {
    SplittableRandom random = new SplittableRandom(11);
    LlamaShape shape = LlamaShape.tiny(tied);
    LlamaWeights weights = LlamaWeights.random(shape, random);
    TokenRows rows = TokenRows.random(ROWS, LENGTH, shape.vocab(), random);
    TracedModel traced =
        TracedModel.of(
            shape,
            "dtype=" + dtype,
            "weight_dtype=" + dtype,
            "scan_layers=" + scan,
            "remat_policy=" + remat);
    HandWrittenLlama byHand = new HandWrittenLlama(weights);
    HandWrittenLlama.Forward forward = byHand.forward(rows);
    TokenLoss loss = TokenLoss.of(forward.logits(), rows, Z_LOSS);

    List<Literal> results = run(traced, weights, rows);
    TracedModel.assertClose("logits", results.get(0).toDoubles(), forward.logits(), tolerance);
    TracedModel.assertClose(
        "loss", results.get(1).toDoubles(), new double[] {loss.mean()}, tolerance);
    traced.assertClose(
        results.subList(2, results.size()), byHand.backward(forward, loss.dLogits()), tolerance);
  }

  private static List<Literal> run(TracedModel traced, LlamaWeights weights, TokenRows rows) {
    Array leaf = Array.placeholder(TensorType.of(DType.I32, ROWS, LENGTH));
    Input template = new Input(traced.template(), new TokenBatch(leaf, leaf, leaf), leaf, leaf);
    Program<Input, Output> program = Program.trace("loss", template, TracedModelTest::loss);
    List<Literal> inputs = new ArrayList<>(traced.literals(weights));
    for (int[] tokens :
        List.of(
            rows.inputs(),
            rows.positions(),
            rows.segments(),
            rows.targets(),
            rows.targetSegments())) {
      inputs.add(Literal.ofInts(tokens, ROWS, LENGTH));
    }
    return Interpreter.run(program.graph(), inputs);
  }

  private static Output loss(Input input) {
    Grad.ValueAndGrad<CausalLm, Array> result =
        Grad.valueAndGrad(
            input.model(),
            model -> {
              Array logits = model.apply(input.batch());
              Array xent = new CrossEntropy(Z_LOSS).apply(logits, input.targets()).xent();
              Array none = Ops.constant(DType.I32, 0);
              Array counted = input.targetSegments().ne(none).astype(xent.dtype());
              return new Grad.Objective<>(xent.mul(counted).sum().div(counted.sum()), logits);
            });
    return new Output(result.aux(), result.loss(), result.grad());
  }

  /// The comparison can fail: a wrong rotary base shows in the logits.
  @Test
  void anotherModelIsTold() {
    SplittableRandom random = new SplittableRandom(11);
    LlamaShape shape = LlamaShape.tiny(false);
    LlamaWeights weights = LlamaWeights.random(shape, random);
    TokenRows rows = TokenRows.random(ROWS, LENGTH, shape.vocab(), random);
    TracedModel traced =
        TracedModel.of(shape, "dtype=float64", "weight_dtype=float64", "rope_max_timescale=9000");
    double[] found = run(traced, weights, rows).getFirst().toDoubles();
    double[] expected = new HandWrittenLlama(weights).forward(rows).logits();
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    assertThat(largest).isGreaterThan(1e-6);
  }
}
