package jaxon.sharding;

import java.util.List;

/// The names of the mesh axes, as MaxText has them.
public final class MeshAxis {
  /// Replicas that train on their own between rare synchronizations.
  public static final String DILOCO = "diloco";

  /// Batch; parameters are replicated.
  public static final String DATA = "data";

  /// Groups of layers (pipeline).
  public static final String STAGE = "stage";

  /// Batch; parameters and optimizer are cut along `embed` and gathered where they are used.
  public static final String FSDP = "fsdp";

  /// Batch; parameters are cut along `mlp`, too.
  public static final String FSDP_TRANSPOSE = "fsdp_transpose";

  /// Sequence.
  public static final String CONTEXT = "context";

  /// Sequence, by all-to-all between heads and sequence.
  public static final String CONTEXT_USP_ULYSSES = "context_usp_ulysses";

  /// Length of the cache when decoding.
  public static final String CONTEXT_AUTOREGRESSIVE = "context_autoregressive";

  /// Heads, MLP and vocabulary.
  public static final String TENSOR = "tensor";

  /// As [#TENSOR], with the sequence cut between the blocks.
  public static final String TENSOR_SEQUENCE = "tensor_sequence";

  /// Experts.
  public static final String EXPERT = "expert";

  /// Weights when decoding.
  public static final String AUTOREGRESSIVE = "autoregressive";

  /// All axes, slowest-varying first.
  public static final List<String> ALL =
      List.of(
          DILOCO,
          DATA,
          STAGE,
          FSDP,
          FSDP_TRANSPOSE,
          CONTEXT,
          CONTEXT_USP_ULYSSES,
          CONTEXT_AUTOREGRESSIVE,
          TENSOR,
          TENSOR_SEQUENCE,
          EXPERT,
          AUTOREGRESSIVE);

  private MeshAxis() {}

  /// The axes that `mesh_axes` lists; the one word `default` stands for all.
  public static List<String> listed(List<String> written) {
    return written.equals(List.of("default")) ? ALL : List.copyOf(written);
  }
}
