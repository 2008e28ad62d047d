package jaxon.layers;

import jaxon.config.FloatType;
import jaxon.graph.type.DType;

/// Which element type things are computed in.
public final class DTypes {
  private DTypes() {}

  /// The element type that a configuration means.
  public static DType of(FloatType type) {
    return switch (type) {
      case FLOAT32 -> DType.F32;
      case BFLOAT16 -> DType.BF16;
      case FLOAT64 -> DType.F64;
    };
  }

  /// The type for statistics, softmax and loss of values of a float type: float32, or float64 for
  /// float64.
  public static DType precise(DType dtype) {
    return dtype == DType.F64 ? DType.F64 : DType.F32;
  }
}
