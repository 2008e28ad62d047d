package jaxon.layers;

import java.util.List;
import java.util.Map;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Root mean square normalization (Zhang and Sennrich, 2019) with a learned scale.
///
/// The mean square is taken in float32 (float64 for float64); the result is rounded to the type of
/// the input and then scaled, as Hugging Face's Llama does.
///
/// @param scale one factor per feature, `[D]`
/// @param epsilon added to the mean square
/// @param dtype type to compute in
public record RmsNorm(Array scale, double epsilon, DType dtype) {
  /// Name of the composite `(x: [..., D], scale: [D]) -> [..., D]` with attribute `epsilon`.
  public static final String COMPOSITE = "jaxon.rms_norm";

  /// A norm whose scale is one.
  public static RmsNorm init(Initializer init, long width, double epsilon, DType dtype) {
    Array scale = init.param(Shape.of(width), LogicalAxes.of("norm"), Distribution.ones());
    return new RmsNorm(scale, epsilon, dtype);
  }

  /// `x` over its root mean square along the last dim, times the scale.
  public Array apply(Array x) {
    return Control.composite(
            COMPOSITE,
            Map.of("epsilon", Double.toString(epsilon)),
            List.of(x.astype(dtype), scale.astype(dtype)),
            args -> List.of(normalize(args.get(0), args.get(1), epsilon)))
        .getFirst();
  }

  private static Array normalize(Array x, Array scale, double epsilon) {
    Array precise = x.astype(DTypes.precise(x.dtype()));
    Array meanSquare = precise.square().mean(-1).expandDims(-1); // [..., 1]
    Array normal = precise.mul(meanSquare.add(epsilon).rsqrt()).astype(x.dtype());
    return normal.mul(scale.broadcastTo(x.shape()));
  }
}
