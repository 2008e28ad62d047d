package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.models.Models;
import jaxon.trainer.optim.Optimizer;
import jaxon.trainer.optim.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The copies of parameters in the compute type: which there are, and that they change no number.
class ComputeCopiesTest {
  private static final LanguageModelLoss LOSS = new LanguageModelLoss(new CrossEntropy(0));

  @TempDir private Path place;

  private Configuration config(String... overrides) {
    List<String> all =
        new ArrayList<>(List.of("dtype=bfloat16", "max_target_length=" + TestBatches.LENGTH));
    all.addAll(List.of(overrides));
    return TinyRun.config(place, all.toArray(String[]::new));
  }

  private static TrainBatch batch() {
    return TrainBatch.template(2, TestBatches.LENGTH);
  }

  private static ComputeCopies copies(Configuration config) {
    CausalLm params = Models.init(config).program().outputTemplate();
    return ComputeCopies.of(params, batch(), LOSS::apply, DType.BF16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"remat_policy=none", "remat_policy=full", "scan_layers=false"})
  void everyParameterButTheEmbeddingIsReadConverted(String variant) {
    Configuration config = config(variant);
    List<String> paths = Tree.paths(Models.init(config).program().outputTemplate());
    List<Boolean> has = copies(config).has();
    for (int i = 0; i < paths.size(); i++) {
      boolean isEmbedding = paths.get(i).contains("embed");
      assertThat(has.get(i)).as(paths.get(i)).isEqualTo(!isEmbedding);
    }
  }

  @Test
  void thereAreNoneWhenParametersHaveTheComputeTypeAlready() {
    assertThat(copies(config("weight_dtype=bfloat16")).has()).doesNotContain(true);
    TrainPrograms programs = TrainPrograms.trace(config("dtype=float32"));
    assertThat(programs.stateSize()).isEqualTo(3 * programs.paramsSize() + 1);
  }

  @Test
  void stepsOnCopiesComputeTheSameNumbers() {
    Configuration config = config();
    ComputeCopies copies = copies(config);
    ComputeCopies none =
        new ComputeCopies(Collections.nCopies(copies.has().size(), false), DType.BF16);
    List<Literal> withCopies = twoSteps(config, copies);
    List<Literal> without = twoSteps(config, none);
    assertThat(withCopies.size()).isGreaterThan(without.size());
    for (int i = 0; i < without.size() - 1; i++) {
      assertThat(withCopies.get(i).toDoubles())
          .as("leaf %d", i)
          .isEqualTo(without.get(i).toDoubles());
    }
    assertThat(withCopies.getLast().toDoubles()).isEqualTo(without.getLast().toDoubles());
  }

  /// The state and the metrics after two updates.
  private static List<Literal> twoSteps(Configuration config, ComputeCopies copies) {
    TrainStep step =
        new TrainStep(
            LOSS,
            new GradientAccumulation(1, DType.F32, DType.F32),
            1.0,
            Schedule.of(config),
            Optimizer.of(config),
            copies);
    Program<Array, CausalLm> model = Models.init(config).program();
    Program<Array, TrainState<CausalLm>> init =
        Program.trace(
            "init",
            Array.placeholder(TensorType.of(DType.UI32, 2)),
            key -> step.init(model.call(key)));
    Program<TrainStep.Input<CausalLm>, TrainStep.Result<CausalLm>> update =
        Program.trace("step", new TrainStep.Input<>(init.outputTemplate(), batch()), step::apply);
    Literal key = Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 7});
    List<Literal> values = Interpreter.run(init.graph(), List.of(key));
    for (int i = 0; i < 2; i++) {
      int size = Tree.leaves(init.outputTemplate()).size();
      List<Literal> inputs = new ArrayList<>(values.subList(0, size));
      inputs.addAll(TestBatches.rows(4, 3));
      values = Interpreter.run(update.graph(), inputs);
    }
    return values;
  }
}
