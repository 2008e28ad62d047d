package jaxon.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import jaxon.autodiff.Grad;
import jaxon.config.Configuration;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.models.InitializedModel;
import jaxon.layers.models.Models;

/// A configured model with its initial parameters, run by the interpreter.
public record ModelRun(InitializedModel model, List<Literal> parameters) {
  private record Arguments(CausalLm model, TokenBatch batch) {}

  public static ModelRun of(Configuration config) {
    InitializedModel model = Models.init(config);
    Literal key = Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 42});
    return new ModelRun(model, Interpreter.run(model.program().graph(), List.of(key)));
  }

  /// This model with other parameters, of the same shapes in the same order.
  public ModelRun with(List<Literal> other) {
    return new ModelRun(model, other);
  }

  /// A parameter by its path.
  public Literal parameter(String path) {
    return parameters.get(Tree.paths(model.template()).indexOf(path));
  }

  /// Logits of one row of tokens in one document.
  public Literal logits(int... tokens) {
    int[] positions = new int[tokens.length];
    int[] segments = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      positions[i] = i;
      segments[i] = 1;
    }
    return logits(tokens, positions, segments);
  }

  /// Logits of one row of packed documents.
  public Literal logits(int[] tokens, int[] positions, int[] segments) {
    return run(tokens, positions, segments, args -> List.of(args.model().apply(args.batch())))
        .getFirst();
  }

  /// The mean loss of predicting each next token of a row, then its gradients by parameter.
  public List<Literal> lossAndGradients(int... tokens) {
    int[] ordered = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      ordered[i] = i;
    }
    int[] one = new int[tokens.length];
    Arrays.fill(one, 1);
    return run(
        tokens,
        ordered,
        one,
        args -> {
          Grad.ValueAndGrad<CausalLm, List<Array>> result =
              Grad.valueAndGrad(
                  args.model(),
                  m -> new Grad.Objective<>(loss(m.apply(args.batch()), args.batch()), List.of()));
          List<Array> all = new ArrayList<>(List.of(result.loss()));
          all.addAll(Tree.leaves(result.grad()));
          return all;
        });
  }

  private static Array loss(Array logits, TokenBatch batch) {
    long predicted = logits.dim(1) - 1;
    Array rows = logits.slice(1, 0, predicted).reshape(predicted, logits.dim(2));
    Array targets = batch.tokens().slice(1, 1, predicted + 1).reshape(predicted);
    return new CrossEntropy(1e-3).apply(rows, targets).xent().mean();
  }

  private List<Literal> run(
      int[] tokens, int[] positions, int[] segments, Function<Arguments, List<Array>> function) {
    TensorType type = TensorType.of(DType.I32, 1, tokens.length);
    TokenBatch batch =
        new TokenBatch(Array.placeholder(type), Array.placeholder(type), Array.placeholder(type));
    Program<Arguments, List<Array>> program =
        Program.trace("test", new Arguments(model.template(), batch), function);
    List<Literal> inputs = new ArrayList<>(parameters);
    for (int[] values : List.of(tokens, positions, segments)) {
      inputs.add(Literal.ofInts(values, 1, values.length));
    }
    return Interpreter.run(program.graph(), inputs);
  }
}
