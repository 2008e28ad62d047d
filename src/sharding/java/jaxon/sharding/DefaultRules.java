package jaxon.sharding;

import static jaxon.sharding.MeshAxis.AUTOREGRESSIVE;
import static jaxon.sharding.MeshAxis.CONTEXT;
import static jaxon.sharding.MeshAxis.CONTEXT_USP_ULYSSES;
import static jaxon.sharding.MeshAxis.DATA;
import static jaxon.sharding.MeshAxis.DILOCO;
import static jaxon.sharding.MeshAxis.EXPERT;
import static jaxon.sharding.MeshAxis.FSDP;
import static jaxon.sharding.MeshAxis.FSDP_TRANSPOSE;
import static jaxon.sharding.MeshAxis.STAGE;
import static jaxon.sharding.MeshAxis.TENSOR;
import static jaxon.sharding.MeshAxis.TENSOR_SEQUENCE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.sharding.LogicalAxisRules.Rule;

/// The `logical_axis_rules` that hold unless a configuration has others: MaxText's.
public final class DefaultRules {
  private DefaultRules() {}

  /// The table, in MaxText's order, which decides between dims of one tensor.
  public static LogicalAxisRules rules() {
    List<Rule> rules = new ArrayList<>();
    activations(rules);
    weights(rules);
    whole(rules);
    return new LogicalAxisRules(rules);
  }

  private static void row(List<Rule> rules, String logical, String... mesh) {
    rules.add(new Rule(logical, Arrays.asList(mesh)));
  }

  /// Activations, and the vocabulary.
  private static void activations(List<Rule> rules) {
    row(rules, "activation_embed_and_logits_batch", DATA, STAGE, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(
        rules,
        "activation_embed_and_logits_batch_sequence",
        DATA,
        STAGE,
        FSDP,
        FSDP_TRANSPOSE,
        CONTEXT,
        CONTEXT_USP_ULYSSES,
        EXPERT);
    row(rules, "activation_vocab", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_vocab", TENSOR);
    row(rules, "activation_vocab", TENSOR_SEQUENCE);
    row(rules, "vocab", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    // MaxText has no stage here: its embedding and output layer are whole on each stage.
    row(rules, "embed_vocab", STAGE, FSDP, FSDP_TRANSPOSE, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "activation_batch", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "activation_batch_attn", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "activation_batch_moe", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "activation_kv_batch", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "activation_prefill_kv_batch", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "decode_batch", DATA, FSDP, FSDP_TRANSPOSE, EXPERT);
    row(rules, "activation_input_length_attn", TENSOR_SEQUENCE, CONTEXT);
    row(rules, "activation_length", CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_length_attn", CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_length_moe", CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_q_length", CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "prefill_activation_length", CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_kv_length");
    row(rules, "decode_length");
    row(rules, "activation_norm_length", TENSOR_SEQUENCE, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_norm_length_moe", TENSOR_SEQUENCE, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "prefill_activation_norm_length", TENSOR_SEQUENCE, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_heads", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "activation_heads_ulysses", TENSOR, TENSOR_SEQUENCE, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "activation_kv_heads", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_kv", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_kv_head_dim", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_mlp", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_mlp_moe", TENSOR, TENSOR_SEQUENCE);
    row(rules, "activation_embed", TENSOR);
    row(rules, "activation_embed_attn", TENSOR);
    row(rules, "activation_embed_moe", TENSOR);
    row(rules, "norm", TENSOR);
    row(rules, "engram_dim", TENSOR);
    row(rules, "paged_kv_heads", TENSOR);
    row(rules, "activation_exp", EXPERT);
    row(rules, "exp", EXPERT);
    row(rules, "activation_stage", STAGE);
    row(rules, "layers", STAGE);
  }

  /// Weights and caches.
  private static void weights(List<Rule> rules) {
    row(rules, "heads", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "q_heads", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "kv_heads", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "mlp", FSDP_TRANSPOSE, TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "mlp_moe", FSDP_TRANSPOSE, TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "gdn_head", FSDP_TRANSPOSE, TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "embed", FSDP, FSDP_TRANSPOSE, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "embed", FSDP, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "q_lora", FSDP, FSDP_TRANSPOSE, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "q_lora", FSDP, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "kv_lora", FSDP, FSDP_TRANSPOSE, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "kv_lora", FSDP, CONTEXT, CONTEXT_USP_ULYSSES, EXPERT);
    row(rules, "embed_moe", FSDP, FSDP_TRANSPOSE, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "embed_moe", FSDP, CONTEXT, CONTEXT_USP_ULYSSES);
    row(rules, "cache_heads", AUTOREGRESSIVE, TENSOR, TENSOR_SEQUENCE);
    row(rules, "mlp_no_fsdp", TENSOR, TENSOR_SEQUENCE, AUTOREGRESSIVE);
    row(rules, "exp_with_fsdp", FSDP);
    row(rules, "diloco", DILOCO);
  }

  /// Names that stay whole.
  private static void whole(List<Rule> rules) {
    for (String name :
        List.of(
            "qkv",
            "kv",
            "kv_head_dim",
            "dense_layers",
            "moe_layers",
            "local_layers",
            "mhc",
            "circular_repeats",
            "cache_batch",
            "cache_batch_prefill",
            "cache_heads_none",
            "cache_kv",
            "cache_sequence",
            "num_pages",
            "tokens_per_page",
            "paged_kv_head_dim_size")) {
      row(rules, name);
    }
  }
}
