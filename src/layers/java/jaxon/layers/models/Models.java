package jaxon.layers.models;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.ContextParallelism;
import jaxon.layers.DTypes;
import jaxon.layers.Initializer;
import jaxon.layers.llama.Llama;

/// Makes the configured model.
public final class Models {
  private Models() {}

  /// Traces the init program of the configured decoder block; no parameter gets memory.
  public static InitializedModel init(Configuration config) {
    return init(config, new ContextParallelism.Gathered());
  }

  /// The same for devices that cut the sequence.
  public static InitializedModel init(Configuration config, ContextParallelism context) {
    Array key = Array.placeholder(TensorType.of(DType.UI32, 2));
    DType weightDtype = DTypes.of(config.run().weightDtype());
    List<LogicalAxes> axes = new ArrayList<>();
    Program<Array, CausalLm> program =
        Program.trace(
            "init",
            key,
            k -> {
              Initializer init = new Initializer(k, weightDtype, context);
              CausalLm model = model(init, config);
              Tree.leaves(model).forEach(leaf -> axes.add(init.axesOf(leaf)));
              return model;
            });
    return new InitializedModel(program, axes);
  }

  private static CausalLm model(Initializer init, Configuration config) {
    return switch (config.model().decoderBlock()) {
      case LLAMA2 -> Llama.init(init, config);
    };
  }
}
