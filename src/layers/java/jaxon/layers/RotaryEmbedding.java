package jaxon.layers;

import jaxon.config.RopeConfig;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Rotary position embedding (Su et al., "RoFormer", 2021) with Hugging Face's pairing: feature `i`
/// of a head turns with feature `i + K / 2`.
///
/// Pair `i` turns by `position · f_i` with `f_i = 1 / (min · (max / min)^(2i / K))` for the
/// configured minimum and maximum timescales.
///
/// @param headDim K, which is even
public record RotaryEmbedding(int headDim, RopeConfig config) {
  /// The angles for `positions` (`[B, T]`, integers), to be applied to queries and keys.
  ///
  /// The angles are computed in float32, or float64 if that is `dtype`.
  public Rotation at(Array positions, DType dtype) {
    DType precise = DTypes.precise(dtype);
    TensorType half = TensorType.of(precise, headDim / 2);
    double linear = config.ropeLinearScalingFactor();
    Array frequencies = // [1, 1, 1, K/2]
        Ops.constant(Literal.generate(half, pair -> frequency(pair) / linear))
            .reshape(1, 1, 1, headDim / 2);
    Array angles = // [B, T, 1, K/2]
        positions.astype(precise).expandDims(-1).expandDims(-1).mul(frequencies);
    return new Rotation(angles.cos(), angles.sin());
  }

  /// Radians per position of one pair, as the rope type says.
  double frequency(long pair) {
    double min = config.ropeMinTimescale();
    double max = config.ropeMaxTimescale();
    double plain = 1 / (min * Math.pow(max / min, 2.0 * pair / headDim));
    return switch (config.ropeType()) {
      case DEFAULT -> plain;
      case LLAMA3_1 -> stretched(plain);
    };
  }

  /// Llama 3.1's scaling: pairs that turn few times within the original context are slowed by the
  /// factor, those that turn often are kept, and between the two limits it is interpolated.
  private double stretched(double plain) {
    double low = config.ropeLowFreqFactor();
    double high = config.ropeHighFreqFactor();
    double turns = config.originalMaxPositionEmbeddings() * plain / (2 * Math.PI);
    double slow = plain / config.ropeFactor();
    if (turns < low) {
      return slow;
    }
    if (turns > high) {
      return plain;
    }
    double kept = (turns - low) / (high - low);
    return (1 - kept) * slow + kept * plain;
  }
}
