package jaxon.config;

import java.util.ArrayList;
import java.util.List;

/// What is kept from the forward pass for the backward pass, and what is computed again.
public record RematConfig(
    @Key(
            doc =
                "What is kept for the backward pass: full keeps only the layers' inputs (least memory),"
                    + " none keeps everything (least work), custom does as the keys below say.",
            defaultValue = "full",
            notYet = {"qkv_proj_offloaded", "minimal_offloaded", "minimal_flash"})
        RematPolicy rematPolicy,
    @Key(
            doc =
                "With remat_policy custom: a layer's input, from which the rest is computed again.",
            defaultValue = "device",
            oneOf = "device",
            notYet = "offload")
        TensorPlacement decoderLayerInput,
    @Key(
            doc = "With remat_policy custom: the attention's output before its projection.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement context,
    @Key(
            doc = "With remat_policy custom: the MLP's first matmul when it is a single one.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement mlpwi,
    @Key(
            name = "mlpwi_0",
            doc = "With remat_policy custom: the first factor of a gated MLP.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement mlpwi0,
    @Key(
            name = "mlpwi_1",
            doc = "With remat_policy custom: the second factor of a gated MLP.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement mlpwi1,
    @Key(
            doc = "With remat_policy custom: the MLP's output.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement mlpwo,
    @Key(doc = "With remat_policy custom: the queries.", defaultValue = "remat", notYet = "offload")
        TensorPlacement queryProj,
    @Key(doc = "With remat_policy custom: the keys.", defaultValue = "remat", notYet = "offload")
        TensorPlacement keyProj,
    @Key(doc = "With remat_policy custom: the values.", defaultValue = "remat", notYet = "offload")
        TensorPlacement valueProj,
    @Key(
            doc = "With remat_policy custom: the output of the attention's projection.",
            defaultValue = "remat",
            notYet = "offload")
        TensorPlacement outProj) {

  /// The names of the tensors kept besides the layers' inputs.
  ///
  /// Not meaningful for [RematPolicy#NONE], which keeps every tensor, named or not.
  public List<String> savedNames() {
    if (rematPolicy != RematPolicy.CUSTOM) {
      return rematPolicy.savedNames();
    }
    List<String> names = new ArrayList<>();
    addIfKept(names, "context", context);
    addIfKept(names, "mlpwi", mlpwi);
    addIfKept(names, "mlpwi_0", mlpwi0);
    addIfKept(names, "mlpwi_1", mlpwi1);
    addIfKept(names, "mlpwo", mlpwo);
    addIfKept(names, "query_proj", queryProj);
    addIfKept(names, "key_proj", keyProj);
    addIfKept(names, "value_proj", valueProj);
    addIfKept(names, "out_proj", outProj);
    return List.copyOf(names);
  }

  private static void addIfKept(List<String> names, String name, TensorPlacement placement) {
    if (placement == TensorPlacement.DEVICE) {
      names.add(name);
    }
  }
}
