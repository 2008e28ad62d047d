package jaxon.graph.interpret;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.IndexOp.Sort;
import jaxon.graph.type.Shape;

/// Stable sort of all operands along one dim by the first; NaN comes last in either direction, and
/// -0 equals 0.
final class SortKernel {
  private SortKernel() {}

  static List<Tensor> apply(Sort op, List<Tensor> operands) {
    Tensor keys = operands.getFirst();
    Shape shape = keys.shape();
    int length = (int) shape.dim(op.dim());
    int stride = (int) shape.strides()[op.dim()];
    List<Tensor> results = operands.stream().map(Tensor::copy).toList();
    for (IndexCounter i = new IndexCounter(shape.with(op.dim(), 1)); i.inRange(); i.next()) {
      int base = i.dot(shape.strides());
      Integer[] order =
          IntStream.range(0, length).map(k -> base + k * stride).boxed().toArray(Integer[]::new);
      Arrays.sort(order, order(keys, op.descending()));
      for (int k = 0; k < length; k++) {
        for (int operand = 0; operand < results.size(); operand++) {
          results.get(operand).set(base + k * stride, operands.get(operand), order[k]);
        }
      }
    }
    return results;
  }

  private static Comparator<Integer> order(Tensor keys, boolean descending) {
    if (!keys.isFloat()) {
      Comparator<Integer> ascending =
          (a, b) -> BinaryKernels.compare(keys.dtype(), keys.longs()[a], keys.longs()[b]);
      return descending ? ascending.reversed() : ascending;
    }
    double[] values = keys.doubles();
    // Adding 0 turns -0 into 0, which Double.compare would tell apart.
    Comparator<Integer> ascending = (a, b) -> Double.compare(values[a] + 0.0, values[b] + 0.0);
    Comparator<Integer> nanLast = Comparator.comparing(at -> Double.isNaN(values[at]));
    return nanLast.thenComparing(descending ? ascending.reversed() : ascending);
  }
}
