package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.View;

/// Which elements of a pad's operand reach the result, and where.
///
/// Element `i` of a dim goes to `low + i · (interior + 1)`; with negative padding that may lie
/// outside.
///
/// @param first of the operand's elements that reach the result, per dim
/// @param count of them, per dim
/// @param at where the first one goes, per dim
/// @param step distance of neighbours in the result, per dim
record PadWindow(List<Long> first, List<Long> count, List<Long> at, List<Long> step) {
  static PadWindow of(ShapeOp.Pad pad, Shape operand, Shape result) {
    List<Long> first = new ArrayList<>();
    List<Long> count = new ArrayList<>();
    List<Long> at = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < operand.rank(); i++) {
      long low = pad.low().get(i);
      long step = pad.interior().get(i) + 1;
      long from = low >= 0 ? 0 : Math.ceilDiv(-low, step);
      long room = result.dim(i) - low;
      long to = room <= 0 ? 0 : Math.min(operand.dim(i), Math.ceilDiv(room, step));
      first.add(from);
      count.add(Math.max(0, to - from));
      at.add(low + from * step);
      steps.add(step);
    }
    return new PadWindow(first, count, at, steps);
  }

  boolean isEmpty() {
    return count.contains(0L);
  }

  View source(View operand) {
    return operand.window(first, count);
  }

  View target(View result) {
    List<Long> limit = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      limit.add(at.get(i) + (count.get(i) - 1) * step.get(i) + 1);
    }
    return result.sliced(at, limit, step);
  }
}
