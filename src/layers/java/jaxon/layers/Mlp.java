package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jaxon.config.Activation;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// The feed-forward part of a layer: the product of activations of one or more projections,
/// projected back.
///
/// With activations silu and linear it is SwiGLU, with gelu and linear GeGLU (Shazeer, "GLU
/// variants improve transformer", 2020); with one activation it is a plain MLP.
///
/// @param wi one kernel `[D, M]` per activation; Hugging Face's gate_proj and up_proj
/// @param wo kernel `[M, D]`; down_proj
public record Mlp(List<Linear> wi, Linear wo, List<Activation> activations) {
  /// Name of the composite `(factors [B, T, M] …) -> [B, T, M]`, the product of the activated
  /// factors, with attribute `activations`. As a composite it keeps its operands alone for the
  /// backward pass and computes what lies between again.
  static final String COMPOSITE = "jaxon.gated_activation";

  private static final LogicalAxes HIDDEN_AXES =
      LogicalAxes.of("activation_batch", "activation_length", "activation_mlp");

  public Mlp {
    wi = List.copyOf(wi);
    activations = List.copyOf(activations);
    if (wi.isEmpty() || wi.size() != activations.size()) {
      throw new IllegalArgumentException(
          "mlp_activations: an MLP needs one input projection per activation and at least one, got "
              + wi.size()
              + " for "
              + activations);
    }
  }

  /// Projections as the configuration says.
  public static Mlp init(Initializer init, Configuration config) {
    ModelConfig model = config.model();
    DType dtype = DTypes.of(config.run().dtype());
    double scale = model.denseInitScale();
    long width = model.embDim();
    long hidden = model.mlpDim();
    List<Linear> wi = new ArrayList<>();
    for (int i = 0; i < model.mlpActivations().size(); i++) {
      LogicalAxes axes = LogicalAxes.of("embed", "mlp");
      wi.add(Linear.init(init, Shape.of(width, hidden), axes, 1, scale, dtype));
    }
    Linear wo =
        Linear.init(init, Shape.of(hidden, width), LogicalAxes.of("mlp", "embed"), 1, scale, dtype);
    return new Mlp(wi, wo, model.mlpActivations());
  }

  /// `[B, T, D]` from `x` `[B, T, D]`.
  public Array apply(Array x) {
    List<Array> factors = new ArrayList<>(); // [B, T, M] each
    for (int i = 0; i < wi.size(); i++) {
      factors.add(wi.get(i).apply(x).named(wi.size() == 1 ? "mlpwi" : "mlpwi_" + i));
    }
    String names = activations.stream().map(Activation::yamlName).collect(Collectors.joining(","));
    Array hidden =
        Control.composite(
                COMPOSITE, Map.of("activations", names), factors, args -> List.of(product(args)))
            .getFirst();
    return wo.apply(hidden.constrain(HIDDEN_AXES)).named("mlpwo");
  }

  private Array product(List<Array> factors) {
    Array product = Activations.apply(activations.getFirst(), factors.getFirst());
    for (int i = 1; i < factors.size(); i++) {
      product = product.mul(Activations.apply(activations.get(i), factors.get(i)));
    }
    return product;
  }
}
