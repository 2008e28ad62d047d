package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.type.DType;

/// Small reductions that can be one call: none of their results is read before the last of them.
///
/// @param indices places in the list of equations, ascending
record ReductionBucket(List<Integer> indices) {
  ReductionBucket {
    indices = List.copyOf(indices);
  }

  /// What reductions must have in common.
  private record Key(CollectiveOp op, DType dtype) {}

  /// A bucket that is being filled.
  private static final class Open {
    private final List<Integer> indices = new ArrayList<>();
    private final Set<Var> results = new HashSet<>();
    private long bytes;
  }

  /// The buckets of two or more reductions.
  static List<ReductionBucket> of(List<Equation> equations) {
    Map<Key, Open> open = new LinkedHashMap<>();
    List<Open> all = new ArrayList<>();
    for (int i = 0; i < equations.size(); i++) {
      Equation equation = equations.get(i);
      open.values().removeIf(bucket -> !Collections.disjoint(bucket.results, equation.inputs()));
      if (!isSmall(equation)) {
        continue;
      }
      long bytes = equation.output().type().bytes();
      Key key = new Key((CollectiveOp) equation.op(), equation.output().type().dtype());
      Open bucket = open.get(key);
      if (bucket == null || bucket.bytes + bytes > CombineReductions.BUCKET) {
        bucket = new Open();
        open.put(key, bucket);
        all.add(bucket);
      }
      bucket.indices.add(i);
      bucket.results.add(equation.output());
      bucket.bytes += bytes;
    }
    return all.stream()
        .filter(bucket -> bucket.indices.size() > 1)
        .map(bucket -> new ReductionBucket(bucket.indices))
        .toList();
  }

  private static boolean isSmall(Equation equation) {
    return equation.op() instanceof CollectiveOp.AllReduce
        && equation.output().type().bytes() <= CombineReductions.LARGEST_OPERAND
        && equation.output().type().shape().elements() > 0;
  }
}
