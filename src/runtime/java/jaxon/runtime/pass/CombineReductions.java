package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// `y = all_reduce(a); z = all_reduce(b) -> y, z = slices of all_reduce(concatenate(a, b))` for
/// small operands: a call costs as much as tens of kilobytes.
///
/// Exact, as each element is reduced as before, in the order of the devices. Only reductions of one
/// kind, group and element type that do not depend on each other; the call takes the place of the
/// last of them. What a scan would stack of them is stacked as one and sliced after it, so that the
/// scan need not wait for it in each turn.
public final class CombineReductions implements Pass {
  /// Operands of more bytes are reduced alone.
  public static final long LARGEST_OPERAND = 1 << 15;

  /// The most bytes of a combined call.
  public static final long BUCKET = 1 << 18;

  private final IdentityHashMap<Graph, Graph> done = new IdentityHashMap<>();

  @Override
  public Graph run(Graph graph) {
    // Its own memory of what is done, as a pass may be used for several graphs at once.
    return new CombineReductions().combine(graph);
  }

  private Graph combine(Graph graph) {
    Graph known = done.get(graph);
    if (known != null) {
      return known;
    }
    Graph inner = inRegions(graph);
    List<ReductionBucket> buckets = ReductionBucket.of(inner.equations());
    Graph result = buckets.isEmpty() ? inner : combined(inner, buckets);
    done.put(graph, result);
    return result;
  }

  private Graph inRegions(Graph graph) {
    RewriteScope scope = new RewriteScope();
    boolean changed = false;
    for (Equation equation : graph.equations()) {
      List<Graph> regions = equation.regions().stream().map(this::combine).toList();
      if (regions.equals(equation.regions()) || equation.op() instanceof ControlOp.Composite) {
        scope.append(equation);
        continue;
      }
      changed = true;
      Equation translated =
          new Equation(
              equation.op(), equation.inputs(), equation.outputs(), regions, equation.source());
      if (equation.op() instanceof ControlOp.Scan scan) {
        stackWhole(scan, translated, scope);
      } else {
        scope.append(translated);
      }
    }
    return changed
        ? new Graph(graph.name(), graph.inputs(), scope.equations(), graph.outputs())
        : graph;
  }

  private static Graph combined(Graph graph, List<ReductionBucket> buckets) {
    RewriteScope scope = new RewriteScope();
    List<Equation> equations = graph.equations();
    for (int i = 0; i < equations.size(); i++) {
      int index = i;
      ReductionBucket bucket =
          buckets.stream().filter(each -> each.indices().contains(index)).findFirst().orElse(null);
      if (bucket == null) {
        scope.append(equations.get(i));
      } else if (bucket.indices().getLast() == i) {
        emit(bucket.indices().stream().map(equations::get).toList(), scope);
      }
    }
    return new Graph(graph.name(), graph.inputs(), scope.equations(), graph.outputs());
  }

  private static void emit(List<Equation> members, RewriteScope scope) {
    Equation last = members.getLast();
    List<Var> flat = new ArrayList<>();
    for (Equation member : members) {
      Var operand = member.inputs().getFirst();
      Shape row = Shape.of(List.of(operand.type().shape().elements()));
      flat.add(scope.emit(new ShapeOp.Reshape(row), List.of(operand), last.source()));
    }
    Var all = scope.emit(new ShapeOp.Concatenate(0), flat, last.source());
    Var reduced = scope.emit(last.op(), List.of(all), last.source());
    long start = 0;
    for (Equation member : members) {
      TensorType type = member.output().type();
      long end = start + type.shape().elements();
      Var piece =
          scope.emit(
              new ShapeOp.Slice(List.of(start), List.of(end), List.of(1L)),
              List.of(reduced),
              member.source());
      scope.append(
          new Equation(
              new ShapeOp.Reshape(type.shape()),
              List.of(piece),
              List.of(member.output()),
              List.of(),
              member.source()));
      start = end;
    }
  }

  /// A piece of a combined reduction that a scan stacks.
  ///
  /// @param whole the combined reduction in the body
  private record Piece(Var whole, ShapeOp.Slice slice) {
    static @Nullable Piece of(Var output, Graph body) {
      Equation reshape = definition(output, body);
      if (reshape == null || !(reshape.op() instanceof ShapeOp.Reshape)) {
        return null;
      }
      Equation sliced = definition(reshape.inputs().getFirst(), body);
      if (sliced == null
          || !(sliced.op() instanceof ShapeOp.Slice slice)
          || !slice.strides().equals(List.of(1L))) {
        return null;
      }
      Equation reduced = definition(sliced.inputs().getFirst(), body);
      if (reduced == null || !(reduced.op() instanceof CollectiveOp.AllReduce)) {
        return null;
      }
      Var whole = reduced.output();
      return whole.type().shape().rank() == 1 ? new Piece(whole, slice) : null;
    }

    private static @Nullable Equation definition(Var var, Graph body) {
      return body.equations().stream()
          .filter(equation -> equation.outputs().contains(var))
          .findFirst()
          .orElse(null);
    }
  }

  /// Has a scan stack combined reductions whole, and cuts them up after it.
  private static void stackWhole(ControlOp.Scan scan, Equation equation, RewriteScope scope) {
    Graph body = equation.regions().getFirst();
    List<Var> inside = new ArrayList<>(body.outputs().subList(0, scan.carries()));
    List<Var> outside = new ArrayList<>(equation.outputs().subList(0, scan.carries()));
    List<Equation> after = new ArrayList<>();
    for (int i = scan.carries(); i < body.outputs().size(); i++) {
      Var result = equation.outputs().get(i);
      Piece piece = Piece.of(body.outputs().get(i), body);
      if (piece == null) {
        inside.add(body.outputs().get(i));
        outside.add(result);
        continue;
      }
      int at = inside.subList(scan.carries(), inside.size()).indexOf(piece.whole());
      if (at < 0) {
        inside.add(piece.whole());
        outside.add(new Var(stacked(piece.whole().type(), scan.length())));
        at = inside.size() - 1 - scan.carries();
      }
      cut(piece.slice(), outside.get(scan.carries() + at), result, equation, after);
    }
    Graph whole = new Graph(body.name(), body.inputs(), body.equations(), inside);
    scope.append(
        new Equation(
            scan,
            equation.inputs(),
            outside,
            List.of(EliminateDead.sweep(whole)),
            equation.source()));
    after.forEach(scope::append);
  }

  private static void cut(
      ShapeOp.Slice slice, Var stack, Var result, Equation scan, List<Equation> after) {
    long length = stack.type().shape().dim(0);
    long start = slice.start().getFirst();
    long end = slice.limit().getFirst();
    Var piece = new Var(stack.type().withShape(Shape.of(List.of(length, end - start))));
    after.add(
        new Equation(
            new ShapeOp.Slice(List.of(0L, start), List.of(length, end), List.of(1L, 1L)),
            List.of(stack),
            List.of(piece),
            List.of(),
            scan.source()));
    after.add(
        new Equation(
            new ShapeOp.Reshape(result.type().shape()),
            List.of(piece),
            List.of(result),
            List.of(),
            scan.source()));
  }

  private static TensorType stacked(TensorType type, long length) {
    return type.withShape(type.shape().insert(0, length));
  }
}
