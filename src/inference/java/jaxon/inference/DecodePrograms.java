package jaxon.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.DTypes;
import jaxon.layers.KvCache;
import jaxon.layers.NewTokens;
import jaxon.runtime.Placement;
import jaxon.sharding.PartitionSpec;

/// The programs that make text with a model: they take the cache first, so that it can be donated,
/// then the parameters, then the tokens, and give the cache and logits.
///
/// @param params the model on placeholders
/// @param specs how each parameter is cut
/// @param cache type of the keys and of the values
/// @param cacheSpec how these are cut
record DecodePrograms(
    CausalLm params, List<PartitionSpec> specs, TensorType cache, PartitionSpec cacheSpec) {
  /// Number of buffers of the cache.
  static final int CACHE_SIZE = 2;

  DecodePrograms {
    specs = List.copyOf(specs);
  }

  /// The programs of a model with a cache of `rows` and `slots`.
  ///
  /// @param axes the logical axes of each parameter
  static DecodePrograms of(
      CausalLm model, List<LogicalAxes> axes, Cutting cutting, int rows, int slots) {
    List<Array> leaves = Tree.leaves(model);
    List<PartitionSpec> specs = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      specs.add(cutting.spec(axes.get(i), leaves.get(i).type()));
    }
    TensorType cache = model.cacheType(rows, slots);
    return new DecodePrograms(model, specs, cache, cutting.spec(KvCache.AXES, cache));
  }

  /// The same for parameters of other types.
  DecodePrograms on(CausalLm other) {
    return new DecodePrograms(other, specs, cache, cacheSpec);
  }

  /// What reads a prompt: see [NewTokens.Prompt].
  record PromptInput(KvCache cache, CausalLm params, NewTokens.Prompt prompt) {}

  /// What adds a token to each row.
  ///
  /// @param tokens `i32[B]`
  /// @param positions `i32[B]`
  record StepInput(KvCache cache, CausalLm params, Array tokens, Array positions) {}

  /// What both give.
  ///
  /// @param logits `[V]` of a prompt, `[B, V]` of a step; float32 or float64
  record Result(KvCache cache, Array logits) {}

  /// Rows of the cache.
  int rows() {
    return Math.toIntExact(cache.shape().dim(1));
  }

  /// Slots of each row.
  int slots() {
    return Math.toIntExact(cache.shape().dim(2));
  }

  /// From a prompt of up to `length` tokens to the logits of the token after it.
  Program<PromptInput, Result> prompt(int length) {
    NewTokens.Prompt prompt =
        new NewTokens.Prompt(
            Array.placeholder(TensorType.of(DType.I32, 1, length)),
            Array.placeholder(TensorType.of(DType.I32)),
            Array.placeholder(TensorType.of(DType.I32)));
    PromptInput template = new PromptInput(KvCache.template(cache), params, prompt);
    return Program.trace(
        "prefill_" + length,
        template,
        input -> {
          CausalLm.Extended extended = input.params().extend(input.cache(), input.prompt());
          Array hidden = extended.prediction().hidden(); // [1, T, D]
          Array zero = Ops.constant(DType.I32, 0);
          Array last = input.prompt().length().sub(Ops.constant(DType.I32, 1));
          Shape one = Shape.of(1, 1, hidden.dim(2));
          Array at = Ops.dynamicSlice(hidden, List.of(zero, last, zero), one);
          return result(extended, at, 1);
        });
  }

  /// From the last token of each row to the logits of the next.
  Program<StepInput, Result> step() {
    Array each = Array.placeholder(TensorType.of(DType.I32, rows()));
    StepInput template =
        new StepInput(KvCache.template(cache), params, each, Array.placeholder(each.type()));
    return Program.trace(
        "decode_step",
        template,
        input -> {
          NewTokens.Step step =
              new NewTokens.Step(input.tokens().expandDims(1), input.positions().expandDims(1));
          CausalLm.Extended extended = input.params().extend(input.cache(), step);
          return result(extended, extended.prediction().hidden(), 2);
        });
  }

  /// Logits of `hidden` `[B, 1, D]`, with the last `rank` dims of `[B, V]`.
  private static Result result(CausalLm.Extended extended, Array hidden, int rank) {
    Array logits = extended.prediction().output().apply(hidden); // [B, 1, V]
    Array precise = logits.astype(DTypes.precise(logits.dtype()));
    long vocab = precise.dim(2);
    Array shaped = rank == 1 ? precise.reshape(vocab) : precise.reshape(precise.dim(0), vocab);
    return new Result(extended.cache(), shaped);
  }

  /// A cache of zeros.
  Program<List<Array>, KvCache> emptyCache() {
    return Program.trace("empty_cache", List.of(), _ -> KvCache.zeros(cache));
  }

  Placement placement(Graph graph) {
    List<PartitionSpec> inputs = new ArrayList<>(cacheSpecs());
    inputs.addAll(specs);
    List<TensorType> types = graph.inputTypes();
    inputs.addAll(PartitionSpec.replicated(types.subList(inputs.size(), types.size())));
    List<PartitionSpec> outputs = new ArrayList<>(cacheSpecs());
    outputs.addAll(
        PartitionSpec.replicated(graph.outputTypes().subList(CACHE_SIZE, graph.outputs().size())));
    return new Placement(inputs, outputs);
  }

  Placement emptyCachePlacement() {
    return new Placement(List.of(), cacheSpecs());
  }

  private List<PartitionSpec> cacheSpecs() {
    return Collections.nCopies(CACHE_SIZE, cacheSpec);
  }
}
