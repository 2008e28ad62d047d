package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Seeded host tensors that do not shy away from zeros of both signs, infinities and NaN.
public final class RandomLiterals {
  private static final double[] SPECIAL = {
    0.0, -0.0, 1, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 0.5, 2
  };

  private RandomLiterals() {}

  /// One tensor of each type.
  public static List<Literal> of(List<TensorType> types, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Literal> literals = new ArrayList<>();
    types.forEach(type -> literals.add(of(type, random)));
    return literals;
  }

  /// A tensor with about one special value in five.
  public static Literal of(TensorType type, SplittableRandom random) {
    DType dtype = type.dtype();
    return dtype.isFloat()
        ? Literal.generate(type, _ -> element(random))
        : Literal.generateLongs(type, _ -> dtype == DType.I1 ? random.nextInt(2) : whole(random));
  }

  private static double element(SplittableRandom random) {
    return random.nextInt(5) == 0
        ? SPECIAL[random.nextInt(SPECIAL.length)]
        : random.nextDouble(-4, 4);
  }

  private static long whole(SplittableRandom random) {
    return random.nextInt(5) == 0 ? random.nextLong() : random.nextLong(-3, 4);
  }
}
