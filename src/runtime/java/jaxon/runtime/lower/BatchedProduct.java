package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.View;

/// A dot_general as matrix products, one per element of the batch dims.
///
/// Operands are read where they are if their free dims and their contracting dims each walk memory
/// with one stride, one of which is 1; otherwise they are copied once into that form. Results are
/// dense: batch dims, then the left free dim, then the right one.
///
/// @param batch sizes of the batch dims
public record BatchedProduct(Shape batch, MatrixOperand a, MatrixOperand b) {
  /// The products of `dot`; emits the copies that its operands need.
  public static BatchedProduct of(Lowering lowering, DotGeneral dot, View lhs, View rhs) {
    List<Integer> contracting = byStride(lhs, dot.lhsContract());
    List<Integer> left = pick(dot.lhsContract(), contracting);
    List<Integer> right = pick(dot.rhsContract(), contracting);
    return new BatchedProduct(
        Shape.of(dot.lhsBatch().stream().map(lhs::dim).toList()),
        MatrixOperand.of(lhs, dot.lhsBatch(), left, true, lowering),
        MatrixOperand.of(rhs, dot.rhsBatch(), right, false, lowering));
  }

  /// Positions of the contracting dims from the largest lhs stride to the smallest, so that dims
  /// that follow each other in memory can be merged.
  private static List<Integer> byStride(View lhs, List<Integer> contract) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      positions.add(i);
    }
    positions.sort(
        (x, y) -> Long.compare(lhs.stride(contract.get(y)), lhs.stride(contract.get(x))));
    return positions;
  }

  private static List<Integer> pick(List<Integer> dims, List<Integer> positions) {
    return positions.stream().map(dims::get).toList();
  }
}
