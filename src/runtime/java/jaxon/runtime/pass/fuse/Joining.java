package jaxon.runtime.pass.fuse;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.View;

/// The rules of which equations one loop can hold.
final class Joining {
  private final Uses uses;

  Joining(Uses uses) {
    this.uses = uses;
  }

  /// A group of equation `index` alone.
  LoopGroup start(int index) {
    Equation equation = uses.equation(index);
    LoopShape shape = loopShape(equation);
    LoopGroup group = new LoopGroup(index, shape, LoopGroup.OPEN);
    Level level = Level.FULL;
    if (equation.op() instanceof ReduceOp.Reduce reduce) {
      long results = equation.output().type().shape().elements();
      switch (ReducedDims.of(reduce, equation.inputs().getFirst().type().shape())) {
        case TRAILING -> {
          group.rows = results;
          level = Level.ROW;
        }
        case LEADING -> {
          group.rows = shape.elements() / results;
          level = Level.SUM;
        }
        case ALL, SCATTERED -> level = Level.SUM;
      }
    } else if (uses.kind(index) == Kind.PIECES) {
      group.rows = shape.elements() / shape.lastDim();
      group.hasPieces = true;
    }
    group.members.put(index, level);
    return group;
  }

  /// `group` with equation `index`, which members of it read; empty when one loop cannot hold them.
  Optional<LoopGroup> join(int index, LoopGroup group) {
    LoopGroup joined = group.copy();
    Optional<Level> wanted = wanted(index, joined);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Level level = wanted.get();
    Equation equation = uses.equation(index);
    boolean fits =
        switch (uses.kind(index)) {
          case COMPUTE -> level != Level.FULL || joined.refine(loopShape(equation));
          case PIECES -> level == Level.FULL && addPieces(equation, joined);
          case REDUCE -> addReduce(equation, level, joined);
          case VIEW, SOURCE, OTHER -> false;
        };
    if (!fits) {
      return Optional.empty();
    }
    joined.members.put(index, uses.kind(index) == Kind.REDUCE ? Level.ROW : level);
    return Optional.of(joined);
  }

  private static boolean addPieces(Equation equation, LoopGroup group) {
    LoopShape shape = loopShape(equation);
    if (shape.lastDim() != equation.output().type().shape().dim(-1) || !group.refine(shape)) {
      return false;
    }
    group.hasPieces = true;
    return group.shape.lastDim() == shape.lastDim()
        && group.fixRows(shape.elements() / shape.lastDim());
  }

  /// Adds a reduction over columns; a group that knows rows only gets columns by it.
  private static boolean addReduce(Equation equation, Level level, LoopGroup group) {
    ReduceOp.Reduce reduce = (ReduceOp.Reduce) equation.op();
    Shape operand = equation.inputs().getFirst().type().shape();
    if (ReducedDims.of(reduce, operand) != ReducedDims.TRAILING) {
      return false;
    }
    long rows = equation.output().type().shape().elements();
    LoopShape shape = LoopShape.of(operand);
    if (level == Level.ROW) {
      return group.refine(shape) && group.fixRows(rows);
    }
    boolean knowsRowsOnly =
        level == Level.FULL
            && group.rows == LoopGroup.OPEN
            && !group.hasPieces
            && group.members.values().stream().allMatch(Level.FULL::equals);
    if (!knowsRowsOnly) {
      return false;
    }
    group.members.replaceAll((_, _) -> Level.ROW);
    group.shape = shape;
    return group.fixRows(rows);
  }

  /// One loop of both groups; empty when there is none.
  Optional<LoopGroup> unite(LoopGroup a, LoopGroup b) {
    LoopGroup both = a.copy();
    if (!both.refine(b.shape)
        || (b.rows != LoopGroup.OPEN && !both.fixRows(b.rows))
        || (b.hasPieces && both.shape.lastDim() != b.shape.lastDim())) {
      return Optional.empty();
    }
    both.hasPieces |= b.hasPieces;
    for (var member : b.members.entrySet()) {
      Level known = both.members.putIfAbsent(member.getKey(), member.getValue());
      if (known != null && known != member.getValue()) {
        return Optional.empty();
      }
    }
    for (int index : both.members.keySet()) {
      boolean read =
          uses.of(index).stream().anyMatch(use -> both.members.containsKey(use.reader()));
      if (read) {
        Optional<Level> wanted = wanted(index, both);
        if (wanted.isEmpty() || wanted.get() != both.members.get(index)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(both);
  }

  /// The level at which the members of `group` read equation `index`; empty when they disagree or
  /// read it in an order that the loop does not have. May fix the rows of `group`.
  private Optional<Level> wanted(int index, LoopGroup group) {
    Optional<Level> result = Optional.empty();
    for (Uses.Use use : uses.of(index)) {
      if (!group.members.containsKey(use.reader())) {
        continue;
      }
      Optional<Level> level = wanted(use, group);
      if (level.isEmpty() || (result.isPresent() && !result.equals(level))) {
        return Optional.empty();
      }
      result = level;
    }
    return result;
  }

  private Optional<Level> wanted(Uses.Use use, LoopGroup group) {
    if (use.origin().access().isEmpty()) {
      return Optional.empty();
    }
    View access = use.origin().access().get();
    return switch (operandLevel(use, group)) {
      case FULL -> asFull(access, group);
      case ROW -> access.isWhole() ? Optional.of(Level.ROW) : Optional.empty();
      case PART -> asPart(access, group);
      case SUM -> throw new IllegalStateException("an operand is never a sum");
    };
  }

  private Level operandLevel(Uses.Use use, LoopGroup group) {
    return switch (uses.kind(use.reader())) {
      case REDUCE -> Level.FULL;
      case PIECES -> Level.PART;
      case COMPUTE, VIEW, SOURCE, OTHER -> {
        Level level = group.members.get(use.reader());
        yield level == null ? Level.FULL : level;
      }
    };
  }

  private static Optional<Level> asFull(View access, LoopGroup group) {
    if (access.elements() != group.shape.elements()) {
      return Optional.empty();
    }
    if (access.isWhole()) {
      return Optional.of(Level.FULL);
    }
    long rows = repeatedRows(access);
    return rows > 1 && group.fixRows(rows) ? Optional.of(Level.ROW) : Optional.empty();
  }

  private static Optional<Level> asPart(View access, LoopGroup group) {
    long width = access.shape().rank() == 0 ? 1 : access.dim(access.shape().rank() - 1);
    if (group.rows == LoopGroup.OPEN || access.elements() != group.rows * width) {
      return Optional.empty();
    }
    if (access.isWhole()) {
      return Optional.of(Level.PART);
    }
    if (repeatedRows(access) == group.rows) {
      return Optional.of(Level.ROW);
    }
    return isWindow(access, group) ? Optional.of(Level.FULL) : Optional.empty();
  }

  /// The number of elements when each is repeated over trailing dims and they are otherwise in
  /// order; else 0.
  private static long repeatedRows(View access) {
    int last = access.shape().rank() - 1;
    while (last >= 0 && access.repeats(last)) {
      last--;
    }
    long expected = 1;
    for (int i = last; i >= 0; i--) {
      if (access.dim(i) != 1 && access.stride(i) != expected) {
        return 0;
      }
      expected *= access.dim(i);
    }
    boolean isWholeRoot = access.slot().bytes() == expected * access.dtype().bytes();
    return isWholeRoot ? expected : 0;
  }

  /// True when `access` is some columns of a value of the loop's shape.
  private static boolean isWindow(View access, LoopGroup group) {
    if (access.slot().bytes() != group.shape.elements() * access.dtype().bytes()) {
      return false;
    }
    int last = access.shape().rank() - 1;
    long expected = group.shape.lastDim();
    for (int i = last - 1; i >= 0; i--) {
      if (access.dim(i) != 1 && access.stride(i) != expected) {
        return false;
      }
      expected *= access.dim(i);
    }
    return access.stride(last) == 1 && access.offset() + access.dim(last) <= group.shape.lastDim();
  }

  /// The shape of the loop that `equation` would be alone.
  private static LoopShape loopShape(Equation equation) {
    List<Var> values = equation.op() instanceof ReduceOp ? equation.inputs() : equation.outputs();
    return LoopShape.of(values.getFirst().type().shape());
  }
}
