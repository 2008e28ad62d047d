package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import jaxon.graph.ConvertedUse;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;

/// Which parameters have a copy in the compute type that lives from step to step (Micikevicius et
/// al., "Mixed precision training", 2018): the optimizer writes it together with the parameter, so
/// that no step converts the parameter again.
///
/// These are the parameters that the model uses converted to that type and in no other way. For
/// them a step on the copies computes the same numbers.
///
/// @param has one flag per leaf of the parameters
/// @param dtype the type that the model computes in
record ComputeCopies(List<Boolean> has, DType dtype) {
  ComputeCopies {
    has = List.copyOf(has);
  }

  /// The copies that the loss of a model of this form can use.
  static <M> ComputeCopies of(
      M params, TrainBatch batch, BiFunction<M, TrainBatch, LossSums> loss, DType dtype) {
    record Input<T>(T params, TrainBatch batch) {}
    Program<Input<M>, LossSums> program =
        Program.trace(
            "loss", new Input<>(params, batch), in -> loss.apply(in.params(), in.batch()));
    Graph graph = program.graph();
    List<Array> leaves = Tree.leaves(params);
    List<Boolean> has = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      boolean isWider = leaves.get(i).dtype().bits() > dtype.bits();
      has.add(isWider && ConvertedUse.isOnly(graph, graph.inputs().get(i), dtype));
    }
    return new ComputeCopies(has, dtype);
  }

  /// The copies of `params`.
  List<Array> take(Object params) {
    List<Array> leaves = Tree.leaves(params);
    List<Array> copies = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      if (has.get(i)) {
        copies.add(leaves.get(i).astype(dtype));
      }
    }
    return copies;
  }

  /// `params` with the copies in the place of what they are copies of.
  <M> M use(M params, List<Array> copies) {
    List<Array> leaves = new ArrayList<>(Tree.leaves(params));
    int next = 0;
    for (int i = 0; i < leaves.size(); i++) {
      if (has.get(i)) {
        leaves.set(i, copies.get(next++));
      }
    }
    return Tree.rebuild(params, leaves);
  }
}
