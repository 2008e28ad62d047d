package jaxon.graph.text;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ShapeOp;

/// Spells the ops that move elements without computing.
final class ShapeText {
  private ShapeText() {}

  static String of(ShapeOp op, Equation equation, FunctionText out) {
    String start = op.opName() + " " + out.names(equation.inputs());
    String end = " : " + Spelling.signature(equation.inputs(), equation.outputs());
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast ->
          start + ", dims = " + Spelling.list(broadcast.dims()) + end;
      case ShapeOp.Reshape _ -> start + end;
      case ShapeOp.Transpose transpose ->
          start + ", dims = " + Spelling.list(transpose.permutation()) + end;
      case ShapeOp.Slice slice -> start + " " + Spelling.list(ranges(slice)) + end;
      case ShapeOp.Pad pad ->
          start
              + ", low = "
              + Spelling.list(pad.low())
              + ", high = "
              + Spelling.list(pad.high())
              + ", interior = "
              + Spelling.list(pad.interior())
              + end;
      case ShapeOp.Concatenate concatenate -> start + ", dim = " + concatenate.dim() + end;
      case ShapeOp.Reverse reverse ->
          start
              + ", dims = "
              + Spelling.list(reverse.dims())
              + " : "
              + Spelling.type(equation.output().type());
    };
  }

  private static List<String> ranges(ShapeOp.Slice slice) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < slice.start().size(); i++) {
      String stride = slice.strides().get(i) == 1 ? "" : ":" + slice.strides().get(i);
      ranges.add(slice.start().get(i) + ":" + slice.limit().get(i) + stride);
    }
    return ranges;
  }
}
