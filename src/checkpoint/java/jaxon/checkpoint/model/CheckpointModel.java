package jaxon.checkpoint.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.TensorReader;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.ModelTree;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.checkpoint.tensor.Subtree;
import jaxon.config.Configuration;
import jaxon.config.Place;

/// The model of a checkpoint.
///
/// @param place of the checkpoint
public record CheckpointModel(Place place, Checkpoint checkpoint, TensorReader tensors)
    implements StoredModel {
  /// What the paths of parameters begin with, beside the rest of a run's state.
  public static final String PARAMS = "params.";

  /// The keys that decide what the model computes; not `model_name`, whose settings these are.
  private static final List<String> MODEL_KEYS =
      List.of(
          "decoder_block",
          "base_emb_dim",
          "base_num_query_heads",
          "base_num_kv_heads",
          "head_dim",
          "base_mlp_dim",
          "base_num_decoder_layers",
          "global_parameter_scale",
          "mlp_activations",
          "normalization_layer_epsilon",
          "vocab_size",
          "logits_via_embedding",
          "normalize_embedding_logits",
          "logits_dot_in_fp32",
          "final_logits_soft_cap",
          "scan_layers",
          "attention_type",
          "attn_logits_soft_cap",
          "float32_qk_product",
          "float32_logits",
          "attention_bias",
          "rope_type",
          "rope_min_timescale",
          "rope_max_timescale",
          "rope_linear_scaling_factor",
          "rope_factor",
          "rope_low_freq_factor",
          "rope_high_freq_factor",
          "original_max_position_embeddings",
          "max_position_embeddings",
          "max_target_length",
          "dtype",
          "weight_dtype");

  private static final List<String> TOKENIZER_KEYS =
      List.of("tokenizer_type", "tokenizer_path", "add_bos", "add_eos");

  private static final System.Logger LOGGER = System.getLogger("jaxon.checkpoint");

  /// Opens the newest that can be read.
  ///
  /// @throws CheckpointException if none can
  static CheckpointModel open(CheckpointPath found) {
    CheckpointStore store = found.store();
    for (long step : found.steps().reversed()) {
      try {
        Checkpoint checkpoint = store.read(step);
        Place place = store.place(step);
        return new CheckpointModel(place, checkpoint, store.open(checkpoint));
      } catch (CheckpointException e) {
        if (e.isUsage() || step == found.steps().getFirst()) {
          throw e;
        }
        LOGGER.log(System.Logger.Level.WARNING, "{0}; looking for an earlier one", e.getMessage());
      }
    }
    throw new IllegalArgumentException("no steps in " + store.place());
  }

  @Override
  public String description() {
    return "step %,d, %s".formatted(checkpoint.step(), place);
  }

  @Override
  public List<String> settings() {
    return settings(MODEL_KEYS).toList();
  }

  @Override
  public List<String> tokenizer() {
    return settings(TOKENIZER_KEYS).toList();
  }

  @Override
  public Optional<RepositoryOrigin> origin() {
    return RepositoryOrigin.of(checkpoint.facts().configuration());
  }

  private Stream<String> settings(List<String> keys) {
    return keys.stream()
        .filter(checkpoint.facts().configuration()::containsKey)
        .map(key -> key + "=" + checkpoint.facts().configuration().get(key));
  }

  @Override
  public TensorSource parameters(Configuration config) {
    boolean isState =
        tensors.tensors().sequencedKeySet().stream().anyMatch(path -> path.startsWith(PARAMS));
    return ModelTree.of(isState ? new Subtree(tensors, PARAMS) : tensors, config);
  }

  @Override
  public void close() {
    tensors.close();
  }
}
