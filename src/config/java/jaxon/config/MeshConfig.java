package jaxon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The mesh of devices and how tensors are cut along its axes.
///
/// An axis has the product of its size within a slice of devices (`ici`, fast links) and between
/// slices (`dcn`, slow links).
public record MeshConfig(
    @Key(
            doc =
                "Names of the mesh axes, slowest-varying first. default stands for diloco, data, stage,"
                    + " fsdp, fsdp_transpose, context, context_usp_ulysses, context_autoregressive,"
                    + " tensor, tensor_sequence, expert, autoregressive.",
            defaultValue = "[default]")
        List<String> meshAxes,
    @Key(
            doc =
                "Which mesh axes cut which logical axis, one text for each row: embed: fsdp context."
                    + " Rows are tried in order; a name may have several. default stands for all"
                    + " rows of MaxText's table.",
            defaultValue = "[default]",
            differs = "MaxText writes a list of lists")
        List<String> logicalAxisRules,
    @Key(
            doc = "Devices that this process pretends to have, each with its part of the threads.",
            defaultValue = "1",
            min = 1,
            max = 65536)
        int numVirtualDevices,
    @Key(
            doc =
                "Largest share of the parameters that may be left uncut on a mesh that cuts them.",
            defaultValue = "0.02",
            min = 0,
            max = 1)
        double shardingTolerance,
    @Key(
            doc =
                "Print how each parameter and constrained activation is cut, and all collectives of a"
                    + " step.",
            defaultValue = "false")
        boolean debugSharding,
    @Key(
            doc =
                "Start collectives early and wait for them late, beside other work. Changes no"
                    + " result.",
            defaultValue = "true")
        boolean overlapCollectives,
    @Key(
            doc =
                "Cut the optimizer's state over the mesh axis data, too (ZeRO-1): gradients are"
                    + " reduce-scattered along it and updates gathered, with as much traffic as"
                    + " without.",
            defaultValue = "false")
        boolean shardOptimizerOverData,
    @Key(
            doc =
                "Pieces of the batch that go through the stages of a pipeline one after the other. -1"
                    + " is as many as stages; more make its bubbles shorter.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (as many as stages)")
        int numPipelineMicrobatches,
    @Key(
            doc =
                "Order of a pipeline's work: all micro-batches forward, then all backward (gpipe), or"
                    + " each backward as soon as it is through (1f1b), for which stages keep what 2 S - 1"
                    + " micro-batches need instead of all. 1f1b takes one round, and micro-batches"
                    + " that divide the sequences of a device.",
            defaultValue = "gpipe")
        PipelineScheduleType pipelineSchedule,
    @Key(
            doc =
                "How attention works where the sequence is cut: every device gets all keys and values"
                    + " (all_gather), blocks of them go around (ring), or sequences are exchanged for"
                    + " heads (ulysses).",
            defaultValue = "all_gather")
        ContextParallelStrategy contextParallelStrategy,
    @Key(
            doc =
                "Give each device that a sequence is cut over an early and a late part of it, so that"
                    + " all have as much to attend to. ulysses needs no such order.",
            defaultValue = "true")
        boolean contextParallelLoadBalance,
    @Key(
            doc =
                "Layers that a stage runs in one round of a pipeline. With fewer than it has, micro-batches"
                    + " go through the stages several times, and the bubbles are shorter. -1 is what"
                    + " num_pipeline_repeats leaves.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what num_pipeline_repeats leaves)",
            differs = "MaxText has no -1")
        int numLayersPerPipelineStage,
    @Key(
            doc =
                "Rounds of a pipeline. -1 is the layers divided by stages and"
                    + " num_layers_per_pipeline_stage.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (what the layers leave)")
        int numPipelineRepeats,
    @Key(
            doc = "Devices within a slice along which replicas train on their own.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciDilocoParallelism,
    @Key(
            doc =
                "Devices within a slice along which the batch is cut, with whole parameters on each.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciDataParallelism,
    @Key(
            doc =
                "Devices within a slice along which the batch is cut, with parameters cut and gathered where they are used.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (what is left)")
        int iciFsdpParallelism,
    @Key(
            doc =
                "Devices within a slice along which the batch is cut, with parameters cut along mlp, too.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciFsdpTransposeParallelism,
    @Key(
            doc = "Devices within a slice along which the sequence is cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciContextParallelism,
    @Key(
            doc =
                "Devices within a slice along which the sequence is cut, exchanged for heads in attention.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciContextUspUlyssesParallelism,
    @Key(
            doc = "Devices within a slice along which the cache's length is cut when decoding.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciContextAutoregressiveParallelism,
    @Key(
            doc = "Devices within a slice along which heads, mlp and vocabulary are cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciTensorParallelism,
    @Key(
            doc =
                "Devices within a slice along which heads, mlp and vocabulary, and the sequence between the blocks, are cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciTensorSequenceParallelism,
    @Key(
            doc = "Devices within a slice along which groups of layers lie (mesh axis stage).",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciPipelineParallelism,
    @Key(
            doc = "Devices within a slice along which experts lie.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciExpertParallelism,
    @Key(
            doc = "Devices within a slice along which the weights lie when decoding.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int iciAutoregressiveParallelism,
    @Key(
            doc = "Devices between slices along which replicas train on their own.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnDilocoParallelism,
    @Key(
            doc =
                "Devices between slices along which the batch is cut, with whole parameters on each.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (what is left)")
        int dcnDataParallelism,
    @Key(
            doc =
                "Devices between slices along which the batch is cut, with parameters cut and gathered where they are used.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnFsdpParallelism,
    @Key(
            doc =
                "Devices between slices along which the batch is cut, with parameters cut along mlp, too.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnFsdpTransposeParallelism,
    @Key(
            doc = "Devices between slices along which the sequence is cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnContextParallelism,
    @Key(
            doc =
                "Devices between slices along which the sequence is cut, exchanged for heads in attention.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnContextUspUlyssesParallelism,
    @Key(
            doc = "Devices between slices along which the cache's length is cut when decoding.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnContextAutoregressiveParallelism,
    @Key(
            doc = "Devices between slices along which heads, mlp and vocabulary are cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnTensorParallelism,
    @Key(
            doc =
                "Devices between slices along which heads, mlp and vocabulary, and the sequence between the blocks, are cut.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnTensorSequenceParallelism,
    @Key(
            doc = "Devices between slices along which groups of layers lie (mesh axis stage).",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnPipelineParallelism,
    @Key(
            doc = "Devices between slices along which experts lie.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnExpertParallelism,
    @Key(
            doc = "Devices between slices along which the weights lie when decoding.",
            defaultValue = "1",
            min = 1,
            or = "-1 (what is left)")
        int dcnAutoregressiveParallelism) {
  /// Sizes within a slice by mesh axis; −1 takes what is left.
  public SequencedMap<String, Integer> ici() {
    SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("diloco", iciDilocoParallelism);
    sizes.put("data", iciDataParallelism);
    sizes.put("fsdp", iciFsdpParallelism);
    sizes.put("fsdp_transpose", iciFsdpTransposeParallelism);
    sizes.put("context", iciContextParallelism);
    sizes.put("context_usp_ulysses", iciContextUspUlyssesParallelism);
    sizes.put("context_autoregressive", iciContextAutoregressiveParallelism);
    sizes.put("tensor", iciTensorParallelism);
    sizes.put("tensor_sequence", iciTensorSequenceParallelism);
    sizes.put("stage", iciPipelineParallelism);
    sizes.put("expert", iciExpertParallelism);
    sizes.put("autoregressive", iciAutoregressiveParallelism);
    return sizes;
  }

  /// Sizes between slices by mesh axis; −1 takes what is left.
  public SequencedMap<String, Integer> dcn() {
    SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("diloco", dcnDilocoParallelism);
    sizes.put("data", dcnDataParallelism);
    sizes.put("fsdp", dcnFsdpParallelism);
    sizes.put("fsdp_transpose", dcnFsdpTransposeParallelism);
    sizes.put("context", dcnContextParallelism);
    sizes.put("context_usp_ulysses", dcnContextUspUlyssesParallelism);
    sizes.put("context_autoregressive", dcnContextAutoregressiveParallelism);
    sizes.put("tensor", dcnTensorParallelism);
    sizes.put("tensor_sequence", dcnTensorSequenceParallelism);
    sizes.put("stage", dcnPipelineParallelism);
    sizes.put("expert", dcnExpertParallelism);
    sizes.put("autoregressive", dcnAutoregressiveParallelism);
    return sizes;
  }
}
