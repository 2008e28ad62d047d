package jaxon.inference;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.ConvertedUse;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.layers.CausalLm;

/// The types in which parameters are kept while text is made: the compute type for those that the
/// model uses converted to it and in no other way, so that no step reads or converts more than it
/// must. The numbers computed are the same.
///
/// @param program from the parameters as they are stored to these; its output template is the model
record RestingWeights(Program<CausalLm, CausalLm> program) {
  /// The types for a model whose decoding programs are `programs`.
  static RestingWeights of(DecodePrograms programs, DType dtype) {
    List<Array> leaves = Tree.leaves(programs.params());
    Graph step = programs.step().graph();
    List<Boolean> converts = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      boolean isWider = leaves.get(i).dtype().bits() > dtype.bits();
      int position = DecodePrograms.CACHE_SIZE + i;
      converts.add(isWider && ConvertedUse.isOnly(step, step.inputs().get(position), dtype));
    }
    return new RestingWeights(
        Program.trace(
            "resting_weights", programs.params(), params -> convert(params, converts, dtype)));
  }

  private static CausalLm convert(CausalLm params, List<Boolean> converts, DType dtype) {
    List<Array> leaves = Tree.leaves(params);
    List<Array> converted = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      converted.add(converts.get(i) ? leaves.get(i).astype(dtype) : leaves.get(i));
    }
    return Tree.rebuild(params, converted);
  }

  /// The model on placeholders of these types.
  CausalLm template() {
    return program.outputTemplate();
  }

  /// Whether they are the types in which the parameters are stored.
  boolean isAsStored() {
    return program.graph().type().inputs().equals(program.graph().type().outputs());
  }
}
