package jaxon.trainer;

import jaxon.config.Configuration;
import jaxon.config.MeshConfig;
import jaxon.config.PipelineScheduleType;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.Pipelining;

/// The pipeline that a configuration asks for.
///
/// Stages, rounds and layers of a stage in one round multiply to the model's layers, as in MaxText.
///
/// @param stages of the mesh
/// @param keys of the configuration
/// @param modelLayers the model's layers
record RunPipelining(int stages, MeshConfig keys, int modelLayers) {
  /// The pipeline of a run on `mesh`; without stages the keys mean nothing.
  ///
  /// @throws TrainingException if the keys contradict each other or the model
  static Pipelining of(Configuration config, Mesh mesh) {
    int stages = mesh.size(MeshAxis.STAGE);
    return stages == 1
        ? Pipelining.DEFAULT
        : new RunPipelining(stages, config.mesh(), config.model().numDecoderLayers()).resolve();
  }

  private Pipelining resolve() {
    int layers = keys.numLayersPerPipelineStage();
    int repeats = keys.numPipelineRepeats();
    int asked = keys.numPipelineMicrobatches();
    if (layers == -1) {
      layers = modelLayers / (stages * Math.max(1, repeats));
    }
    if (repeats == -1) {
      repeats = modelLayers / (stages * Math.max(1, layers));
    }
    if ((long) stages * repeats * layers != modelLayers) {
      throw TrainingException.usage(
          ("the model's %d layers are not %d stages (ici_pipeline_parallelism x"
                  + " dcn_pipeline_parallelism) x num_pipeline_repeats=%d x"
                  + " num_layers_per_pipeline_stage=%d; %s")
              .formatted(
                  modelLayers,
                  stages,
                  keys.numPipelineRepeats(),
                  keys.numLayersPerPipelineStage(),
                  modelLayers % stages == 0
                      ? "choose two numbers that multiply to %d, or -1 for one of them"
                          .formatted(modelLayers / stages)
                      : "choose a number of stages that divides the layers"));
    }
    if (repeats > 1 && asked != -1 && asked < stages) {
      throw TrainingException.usage(
          ("num_pipeline_microbatches=%d is less than the %d stages, but micro-batches go %d times"
                  + " around; choose at least %d, or num_layers_per_pipeline_stage=%d, which makes"
                  + " it one round")
              .formatted(asked, stages, repeats, stages, modelLayers / stages));
    }
    boolean interleaves = keys.pipelineSchedule() == PipelineScheduleType.ONE_FORWARD_ONE_BACKWARD;
    if (interleaves && repeats > 1) {
      throw TrainingException.usage(
          ("pipeline_schedule=1f1b takes one round, but micro-batches go %d times around %d stages;"
                  + " choose num_layers_per_pipeline_stage=%d, which makes it one, or"
                  + " pipeline_schedule=gpipe")
              .formatted(repeats, stages, modelLayers / stages));
    }
    return new Pipelining(asked, layers, interleaves);
  }
}
