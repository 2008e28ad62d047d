package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.input.InputPipeline;
import jaxon.layers.models.Models;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffers;
import jaxon.runtime.Executable;
import jaxon.trainer.optim.Schedule;

/// What another program needs to train the model of a configuration from the same start, on the
/// same data, at the same rates: so that losses can be compared step by step.
public final class RunIngredients {
  private RunIngredients() {}

  /// The initial parameters by path, for example `layers.stacked.mlp.wo.kernel` `[layers, M, D]`.
  public static SequencedMap<String, Literal> initialParams(Configuration config) {
    Program<Array, ?> init = Models.init(config).program();
    List<String> paths = Tree.paths(init.outputTemplate());
    SequencedMap<String, Literal> params = new LinkedHashMap<>();
    try (Backend backend = Backends.open(config.run().hardware());
        Executable program = backend.compile(init.graph(), TrainPrograms.options(config));
        Buffers key =
            Buffers.put(
                backend, program, 0, List.of(DeviceState.key(config.run().initWeightsSeed())));
        Buffers values = key.execute(program, Buffers.none())) {
      for (int i = 0; i < paths.size(); i++) {
        params.put(paths.get(i), values.list().get(i).toLiteral());
      }
    }
    return params;
  }

  /// The data, from the first batch on.
  public static InputPipeline input(Configuration config) {
    return InputPipeline.open(InputOptions.of(config));
  }

  /// The learning rate of a step, counted from 0.
  public static double learningRate(Configuration config, int step) {
    Schedule schedule = Schedule.of(config);
    Program<Array, Array> rate =
        Program.trace("learning_rate", Array.placeholder(TensorType.of(DType.I32)), schedule::at);
    return Interpreter.run(rate.graph(), List.of(Literal.ofInts(new int[] {step})))
        .getFirst()
        .get(0);
  }
}
