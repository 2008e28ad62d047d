package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import jaxon.graph.type.Shape;

/// reshape: the factors are the finest common digits of both shapes.
///
/// `[6, 4] -> [3, 8]` has the digits 3, 2, 4: operand dims `(3, 2), (4)`, result dims `(3), (2,
/// 4)`. Between two places where both shapes have a border, digits exist only if each border
/// divides the next; where they do not (`[4, 3] -> [3, 4]`), the dims stay whole.
final class ReshapeShardingRule {
  private final Shape from;
  private final Shape to;
  private final OpRule.Builder builder = new OpRule.Builder();
  private final List<List<Integer>> operand = new ArrayList<>();
  private final List<List<Integer>> result = new ArrayList<>();

  private ReshapeShardingRule(Shape from, Shape to) {
    this.from = from;
    this.to = to;
  }

  static OpRule of(Shape from, Shape to) {
    if (from.elements() == 0) {
      OpRule.Builder none = new OpRule.Builder();
      return none.operand(none.whole(from)).result(none.whole(to)).build();
    }
    return new ReshapeShardingRule(from, to).rule();
  }

  /// Walks both shapes from the first dims on, one group of equal products at a time.
  private OpRule rule() {
    int i = 0;
    int j = 0;
    while (i < from.rank() || j < to.rank()) {
      int firstFrom = i;
      int firstTo = j;
      long left = i < from.rank() ? from.dim(i++) : 1;
      long right = j < to.rank() ? to.dim(j++) : 1;
      while (left != right) {
        if (left < right) {
          left *= from.dim(i++);
        } else {
          right *= to.dim(j++);
        }
      }
      group(from.toList().subList(firstFrom, i), to.toList().subList(firstTo, j), left);
    }
    return builder.operandOf(operand).resultOf(result).build();
  }

  private void group(List<Long> fromSizes, List<Long> toSizes, long product) {
    TreeSet<Long> borders = new TreeSet<>(List.of(product));
    borders.addAll(borders(fromSizes));
    borders.addAll(borders(toSizes));
    long last = 1;
    boolean digits = true;
    for (long border : borders) {
      digits &= border % last == 0;
      last = border;
    }
    if (!digits) {
      fromSizes.forEach(size -> operand.add(List.of(builder.factor(Factor.whole(size)))));
      toSizes.forEach(size -> result.add(List.of(builder.factor(Factor.whole(size)))));
      return;
    }
    // Digit k covers the elements from one border to the next; majors come first.
    List<Long> ends = new ArrayList<>(borders.descendingSet());
    List<Integer> factors = new ArrayList<>();
    List<Long> tops = new ArrayList<>();
    for (int k = 0; k < ends.size(); k++) {
      long below = k + 1 < ends.size() ? ends.get(k + 1) : 1;
      if (ends.get(k) > below) {
        factors.add(builder.factor(Factor.parallel(ends.get(k) / below)));
        tops.add(ends.get(k));
      }
    }
    assign(fromSizes, factors, tops, operand);
    assign(toSizes, factors, tops, result);
  }

  /// Products of the sizes from each dim to the end.
  private static List<Long> borders(List<Long> sizes) {
    List<Long> borders = new ArrayList<>();
    long product = 1;
    for (long size : sizes.reversed()) {
      product *= size;
      borders.add(product);
    }
    return borders;
  }

  private static void assign(
      List<Long> sizes, List<Integer> factors, List<Long> tops, List<List<Integer>> dims) {
    long top = sizes.stream().reduce(1L, Math::multiplyExact);
    for (long size : sizes) {
      long below = top / size;
      List<Integer> own = new ArrayList<>();
      for (int k = 0; k < factors.size(); k++) {
        if (tops.get(k) <= top && tops.get(k) > below) {
          own.add(factors.get(k));
        }
      }
      dims.add(own);
      top = below;
    }
  }
}
