package jaxon.layers;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// What initial values of a parameter are drawn from.
public sealed interface Distribution {
  /// Float32 values of a shape drawn with a key.
  Array sample(Array key, Shape shape);

  /// Normal with mean zero.
  record Normal(double stddev) implements Distribution {
    @Override
    public Array sample(Array key, Shape shape) {
      return Threefry.normal(key, shape).mul(stddev);
    }
  }

  /// Normal cut off at two standard deviations and widened so that `stddev` is what it has.
  ///
  /// This is the `truncated_normal` of JAX's variance scaling.
  record TruncatedNormal(double stddev) implements Distribution {
    /// Standard deviation of a standard normal cut off at -2 and 2.
    private static final double OF_UNIT = 0.8796256610342398;

    @Override
    public Array sample(Array key, Shape shape) {
      return Threefry.truncatedNormal(key, -2, 2, shape).mul(stddev / OF_UNIT);
    }
  }

  /// One value everywhere; takes no randomness.
  record Constant(double value) implements Distribution {
    @Override
    public Array sample(Array key, Shape shape) {
      return Ops.full(new TensorType(DType.F32, shape), value);
    }
  }

  static Distribution normal(double stddev) {
    return new Normal(stddev);
  }

  /// The truncated normal of variance `scale / fanIn`, where `fanIn` is how many products are
  /// summed for one result.
  static Distribution fanIn(double scale, long fanIn) {
    return new TruncatedNormal(Math.sqrt(scale / fanIn));
  }

  static Distribution ones() {
    return new Constant(1);
  }

  static Distribution zeros() {
    return new Constant(0);
  }
}
