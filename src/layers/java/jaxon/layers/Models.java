package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.layers.llama.Llama;

/// Makes the configured model: the one place that knows every model family.
public final class Models {
  private Models() {}

  /// Traces the init program of the configured decoder block; no parameter gets memory.
  public static InitializedModel init(Configuration config) {
    List<LogicalAxes> axes = new ArrayList<>();
    Program<Array, CausalLm> program =
        Program.trace(
            "init",
            Array.placeholder(TensorType.of(DType.UI32, 2)),
            key -> {
              Initializer init = initializer(config, key);
              CausalLm model = create(config, init);
              Tree.leaves(model).forEach(leaf -> axes.add(init.axesOf(leaf)));
              return model;
            });
    return new InitializedModel(program, axes);
  }

  /// The configured model with initial parameters that follow from `key` (`ui32[2]`), as part of
  /// the current trace.
  public static CausalLm create(Configuration config, Array key) {
    return create(config, initializer(config, key));
  }

  private static Initializer initializer(Configuration config, Array key) {
    return new Initializer(key, FloatTypes.dtype(config.run().weightDtype()));
  }

  private static CausalLm create(Configuration config, Initializer init) {
    return switch (config.model().decoderBlock()) {
      case LLAMA2 -> Llama.init(init, config);
    };
  }
}
