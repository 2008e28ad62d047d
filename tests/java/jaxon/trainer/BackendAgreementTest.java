package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.input.BatchIterator;
import jaxon.input.InputPipeline;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.metrics.MetricNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The compiled step of a whole model gives the losses of the interpreter, step after step.
class BackendAgreementTest {
  private static final List<String> TINY =
      List.of(
          "dtype=float32",
          "vocab_size=64",
          "base_num_decoder_layers=3",
          "base_emb_dim=16",
          "base_num_query_heads=4",
          "base_num_kv_heads=2",
          "head_dim=4",
          "base_mlp_dim=24",
          "per_device_batch_size=2",
          "max_target_length=12",
          "steps=6",
          "learning_rate=0.01",
          "z_loss_multiplier=0.0001");

  @ParameterizedTest
  @CsvSource({
    "true, none, 1",
    "true, full, 1",
    "true, minimal, 2",
    "false, full, 1",
    "false, none, 2",
  })
  void enginesTrainAsTheInterpreterDoes(boolean scan, String remat, int accumulation) {
    List<String> overrides = new ArrayList<>(TINY);
    overrides.add("scan_layers=" + scan);
    overrides.add("remat_policy=" + remat);
    overrides.add("gradient_accumulation_steps=" + accumulation);
    Configuration config =
        new ConfigLoader(Path.of(""), Path.of("configs"), Map.of()).loadDefaults(overrides);
    List<Double> expected = losses(config, "interpreter");
    for (String engine : List.of("cpu", "nd4j")) {
      agree(config, engine, expected);
    }
  }

  private static void agree(Configuration config, String engine, List<Double> expected) {
    List<Double> found = losses(config, engine);
    for (int step = 0; step < expected.size(); step++) {
      assertThat(found.get(step))
          .as("loss of step %d on %s", step, engine)
          .isCloseTo(expected.get(step), within(1e-5 * expected.get(step)));
    }
    assertThat(losses(config, engine)).as("a second run on " + engine).isEqualTo(found);
  }

  private static List<Double> losses(Configuration config, String hardware) {
    TrainPrograms programs = TrainPrograms.trace(config);
    List<Double> losses = new ArrayList<>();
    try (Backend backend = Backends.open(hardware);
        InputPipeline input = InputPipeline.open(InputOptions.of(config));
        BatchIterator batches = input.trainIterator();
        TrainPrograms.Compiled compiled = programs.compile(backend, config)) {
      Literal key = Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 7});
      Buffers state;
      try (Buffers keys = Buffers.put(backend, List.of(key))) {
        state = keys.execute(compiled.init(), new Buffers(List.of()));
      }
      int size = programs.stateSize();
      for (int step = 0; step < config.run().steps(); step++) {
        try (Buffers batch = Buffers.put(backend, TrainBatch.values(batches.next()))) {
          Buffers results = state.execute(compiled.step(), batch);
          state = results.part(0, size);
          try (Buffers metrics = results.part(size, size + 1)) {
            Literal vector = metrics.list().getFirst().toLiteral();
            losses.add(StepMetrics.unpack(vector).get(MetricNames.LOSS));
          }
        }
      }
      state.close();
    }
    return losses;
  }
}
