package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The types that the programs of a run agree on.
class TrainProgramsTest {
  @TempDir private Path place;

  @Test
  void stepGivesTheStateItTakesAndMetrics() {
    for (String optimizer : List.of("adamw", "sgd")) {
      TrainPrograms programs = programs("opt_type=" + optimizer);
      List<TensorType> state = programs.init().graph().outputTypes();
      int trees = optimizer.equals("adamw") ? 3 : 1;
      assertThat(programs.stateSize()).isEqualTo(trees * programs.paramsSize() + 1);
      assertThat(programs.step().graph().inputTypes().subList(0, state.size())).isEqualTo(state);
      assertThat(programs.step().graph().outputTypes())
          .startsWith(state.toArray(TensorType[]::new))
          .endsWith(TensorType.of(DType.F32, 9))
          .hasSize(state.size() + 1);
      assertThat(programs.eval().graph().inputTypes())
          .startsWith(state.subList(0, programs.paramsSize()).toArray(TensorType[]::new));
    }
  }

  @Test
  void batchesHaveTheSizesOfTheConfiguration() {
    TrainPrograms programs =
        programs(
            "per_device_batch_size=3",
            "gradient_accumulation_steps=2",
            "eval_per_device_batch_size=5");
    assertThat(programs.step().graph().inputTypes().getLast())
        .isEqualTo(TensorType.of(DType.I32, 6, 8));
    assertThat(programs.eval().graph().inputTypes().getLast())
        .isEqualTo(TensorType.of(DType.I32, 5, 8));
  }

  @Test
  void momentsAndGradientsHaveTheirTypes() {
    TrainPrograms programs =
        programs("weight_dtype=float32", "mu_dtype=bfloat16", "grad_dtype=bfloat16");
    int params = programs.paramsSize();
    List<TensorType> state = programs.init().graph().outputTypes();
    assertThat(state.subList(0, params)).allMatch(type -> type.dtype() == DType.F32);
    assertThat(state.subList(params, 2 * params)).allMatch(type -> type.dtype() == DType.BF16);
    assertThat(state.subList(2 * params, 3 * params)).allMatch(type -> type.dtype() == DType.F32);
    assertThat(state.get(3 * params)).isEqualTo(TensorType.of(DType.I32));
  }

  @Test
  void countsTheParameters() {
    TrainPrograms programs = programs();
    assertThat(programs.parameterCount())
        .isEqualTo(
            Tree.leaves(programs.paramsTemplate()).stream()
                .mapToLong(leaf -> leaf.shape().elements())
                .sum())
        .isEqualTo(260 * 8 * 2 + 4 * 8 * 8 + 3 * 8 * 8 + 3 * 8);
  }

  @Test
  void refusesSizesThatDoNotFitTheDevices() {
    assertThatThrownBy(() -> programs("ici_fsdp_parallelism=2"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("ici_fsdp_parallelism=2")
        .hasMessageContaining("1 device")
        .hasMessageContaining("num_virtual_devices");
    assertThatThrownBy(() -> programs("num_virtual_devices=4", "dcn_data_parallelism=3"))
        .hasMessageContaining("dcn_data_parallelism=3");
    assertThatThrownBy(() ->
            programs(
                "num_virtual_devices=4", "ici_tensor_parallelism=3", "ici_pipeline_parallelism=1"))
        .hasMessageContaining("ici_tensor_parallelism=3");
  }

  @Test
  void refusesRulesOfAxesThatDoNotExist() {
    assertThatThrownBy(() -> programs("logical_axis_rules=[default, \"embed: fdsp\"]"))
        .hasMessageContaining("fdsp");
  }

  @Test
  void refusesMicroBatchesThatDoNotDivideTheBatch() {
    Configuration config =
        TinyRun.config(
            place,
            "num_virtual_devices=2",
            "hardware=cpu",
            "ici_fsdp_parallelism=1",
            "ici_pipeline_parallelism=2",
            "base_num_decoder_layers=2",
            "per_device_batch_size=3",
            "num_pipeline_microbatches=4");
    assertThatThrownBy(() -> TrainingSession.open(config))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("4 micro-batches for 2 stages")
        .hasMessageContaining("num_pipeline_microbatches");
  }

  private TrainPrograms programs(String... overrides) {
    Configuration config = TinyRun.config(place, overrides);
    return TrainPrograms.trace(config);
  }
}
