package jaxon.layers.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.layers.CausalLm;

/// How to make the initial parameters of a model.
///
/// @param program from a key (`ui32[2]`) to the model; its output template is the model on
///   placeholders
/// @param axes the logical axes of each parameter, in the order of the program's outputs
public record InitializedModel(Program<Array, CausalLm> program, List<LogicalAxes> axes) {
  public InitializedModel {
    axes = List.copyOf(axes);
  }

  /// The model on placeholders, which say the types of the parameters.
  public CausalLm template() {
    return program.outputTemplate();
  }

  /// The logical axes by path in the tree, for example `layers.stacked.mlp.wo.kernel`.
  public SequencedMap<String, LogicalAxes> axesByPath() {
    List<String> paths = Tree.paths(template());
    SequencedMap<String, LogicalAxes> byPath = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      byPath.put(paths.get(i), axes.get(i));
    }
    return byPath;
  }
}
