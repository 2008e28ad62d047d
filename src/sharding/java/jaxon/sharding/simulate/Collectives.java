package jaxon.sharding.simulate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// The collectives among the devices of one group, by their definition: operands in the order of
/// the places, results in the same order.
final class Collectives {
  private Collectives() {}

  static List<Literal> apply(CollectiveOp op, List<Literal> operands) {
    int n = op.group().size();
    return switch (op) {
      case CollectiveOp.AllReduce reduce -> Collections.nCopies(n, fold(reduce.kind(), operands));
      case CollectiveOp.ReduceScatter scatter ->
          pieces(fold(scatter.kind(), operands), scatter.dim(), n);
      case CollectiveOp.AllGather gather ->
          Collections.nCopies(n, eval(new ShapeOp.Concatenate(gather.dim()), operands));
      case CollectiveOp.AllToAll move -> {
        List<List<Literal>> sent =
            operands.stream().map(x -> pieces(x, move.splitDim(), n)).toList();
        List<Literal> received = new ArrayList<>();
        for (int to = 0; to < n; to++) {
          int place = to;
          List<Literal> arrived = sent.stream().map(pieces -> pieces.get(place)).toList();
          received.add(eval(new ShapeOp.Concatenate(move.concatDim()), arrived));
        }
        yield received;
      }
      case CollectiveOp.CollectivePermute permute -> {
        Literal zeros = Literal.splat(operands.getFirst().type(), 0);
        List<Literal> received = new ArrayList<>(Collections.nCopies(n, zeros));
        for (SourceTarget pair : permute.pairs()) {
          received.set(pair.target(), operands.get(pair.source()));
        }
        yield received;
      }
      case CollectiveOp.CollectiveBroadcast broadcast ->
          Collections.nCopies(n, operands.get(broadcast.root()));
      case CollectiveOp.AxisIndex _ -> {
        List<Literal> places = new ArrayList<>();
        for (int place = 0; place < n; place++) {
          places.add(Literal.splat(TensorType.of(DType.I32), place));
        }
        yield places;
      }
    };
  }

  private static Literal eval(Op op, List<Literal> operands) {
    return Interpreter.apply(op, List.of(), operands).getFirst();
  }

  /// Place 0, then 1, then 2 …; 16-bit floats in float32, rounded once.
  private static Literal fold(ReduceOp.Kind kind, List<Literal> operands) {
    DType dtype = operands.getFirst().type().dtype();
    boolean narrow = dtype == DType.BF16 || dtype == DType.F16;
    DType wide = narrow ? DType.F32 : dtype;
    Literal folded = null;
    for (Literal operand : operands) {
      Literal next = narrow ? eval(new ElementwiseOp.Convert(wide), List.of(operand)) : operand;
      folded = folded == null ? next : eval(combiner(kind), List.of(folded, next));
    }
    if (folded == null) {
      throw new IllegalStateException("a group without devices");
    }
    return narrow ? eval(new ElementwiseOp.Convert(dtype), List.of(folded)) : folded;
  }

  private static BinaryOp combiner(ReduceOp.Kind kind) {
    return switch (kind) {
      case SUM -> BinaryOp.ADD;
      case PRODUCT -> BinaryOp.MULTIPLY;
      case MAX -> BinaryOp.MAXIMUM;
      case MIN -> BinaryOp.MINIMUM;
      case AND -> BinaryOp.AND;
      case OR -> BinaryOp.OR;
    };
  }

  private static List<Literal> pieces(Literal whole, int dim, int n) {
    Shape shape = whole.type().shape();
    long size = shape.dim(dim) / n;
    List<Literal> pieces = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Long> start = new ArrayList<>(Collections.nCopies(shape.rank(), 0L));
      start.set(dim, i * size);
      List<Long> limit = shape.with(dim, (i + 1) * size).toList();
      List<Long> strides = Collections.nCopies(shape.rank(), 1L);
      pieces.add(eval(new ShapeOp.Slice(start, limit, strides), List.of(whole)));
    }
    return pieces;
  }
}
