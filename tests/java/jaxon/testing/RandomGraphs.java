package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.GraphVerifier;
import jaxon.graph.Var;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Seeded, well-typed graphs over the whole op set, control flow included.
///
/// Dims are 0, 1 and small primes; constants include the neutral elements that rewrites look for.
/// The same seed gives the same graph.
public final class RandomGraphs {
  private static final List<DType> USUAL =
      List.of(DType.F32, DType.F32, DType.F32, DType.BF16, DType.F64, DType.I32, DType.I1);

  private static final int EQUATIONS = 25;
  private static final int REGION_EQUATIONS = 6;
  private static final int MAX_DEPTH = 2;

  private RandomGraphs() {}

  /// A graph with 3 inputs, about 25 operations and 1 to 4 outputs.
  public static Graph graph(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TensorType> inputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inputs.add(type(random));
    }
    RandomScope scope = new RandomScope(random, new GraphBuilder(), inputs, MAX_DEPTH);
    grow(scope, EQUATIONS);
    List<Var> outputs = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      outputs.add(scope.any());
    }
    Graph graph = scope.build("random_" + seed, outputs);
    GraphVerifier.verify(graph, "RandomGraphs");
    return graph;
  }

  /// A region of the given type, at one level less of nesting.
  static Graph region(
      RandomScope outer, String name, List<TensorType> inputs, List<TensorType> outputs) {
    RandomScope scope =
        new RandomScope(outer.random(), new GraphBuilder(), inputs, outer.depth() - 1);
    grow(scope, REGION_EQUATIONS);
    List<Var> results = new ArrayList<>();
    for (TensorType type : outputs) {
      results.add(scope.coerce(scope.any(), type));
    }
    return scope.build(name, results);
  }

  /// A type with up to three dims.
  static TensorType type(SplittableRandom random) {
    List<DType> dtypes = random.nextInt(12) == 0 ? List.of(DType.values()) : USUAL;
    DType dtype = dtypes.get(random.nextInt(dtypes.size()));
    long[] dims = new long[random.nextInt(4)];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dim(random);
    }
    return TensorType.of(dtype, dims);
  }

  static long dim(SplittableRandom random) {
    long[] sizes = {0, 1, 1, 2, 2, 3, 3, 5};
    int choice = random.nextInt(sizes.length * 2);
    return sizes[choice == 0 ? 0 : 1 + choice % (sizes.length - 1)];
  }

  private static void grow(RandomScope scope, int equations) {
    for (int i = 0; i < equations; i++) {
      switch (scope.random().nextInt(scope.depth() > 0 ? 12 : 10)) {
        case 0, 1, 2, 3 -> RandomElementwise.emit(scope);
        case 4, 5, 6 -> RandomMovement.emit(scope);
        case 7 -> RandomIndexing.emit(scope);
        case 8 -> RandomContraction.emit(scope);
        case 9 -> RandomAnnotation.emit(scope);
        default -> RandomControl.emit(scope);
      }
    }
  }
}
