package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.SourceOp;

/// `scan(c, …) {c, … -> g(f(c), …)} -> scan(f(c), …) {d, … -> g(d, …)}`: what depends on the consts
/// of a scan alone is computed once, before it.
///
/// Only where the result takes no more bytes than the operands, so that no broadcast is kept alive
/// through the loop; never across a barrier, which keeps recomputation in its place.
public final class HoistInvariants implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, HoistInvariants::hoist);
  }

  private static Optional<List<Var>> hoist(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ControlOp.Scan scan && scan.length() > 1
        ? new Hoisting(scan, equation, scope).run()
        : Optional.empty();
  }

  /// The hoisting out of one scan.
  private static final class Hoisting {
    private final ControlOp.Scan scan;
    private final Equation equation;
    private final Graph body;
    private final RewriteScope scope;

    /// For each value of the body that is known outside: its value there.
    private final Map<Var, Var> outside = new HashMap<>();

    /// The constants and iotas of the body, copied outside when a hoisted equation reads them.
    private final Map<Var, Equation> sources = new HashMap<>();

    /// The hoisted values of the body and what computes them outside, in order.
    private final Map<Var, Var> hoisted = new LinkedHashMap<>();

    private final List<Equation> kept = new ArrayList<>();

    Hoisting(ControlOp.Scan scan, Equation equation, RewriteScope scope) {
      this.scan = scan;
      this.equation = equation;
      this.body = equation.regions().getFirst();
      this.scope = scope;
      for (int i = 0; i < scan.consts(); i++) {
        outside.put(body.inputs().get(i), equation.inputs().get(i));
      }
    }

    Optional<List<Var>> run() {
      for (Equation inner : body.equations()) {
        if (isInvariant(inner)) {
          moveOut(inner);
        } else {
          kept.add(inner);
          if (inner.op() instanceof SourceOp) {
            sources.put(inner.output(), inner);
          }
        }
      }
      return hoisted.isEmpty() ? Optional.empty() : Optional.of(newScan());
    }

    private boolean isInvariant(Equation inner) {
      if (inner.op() instanceof AnnotationOp.OptimizationBarrier) {
        return false;
      }
      long operandBytes = 0;
      boolean any = false;
      for (Var input : inner.inputs()) {
        if (outside.containsKey(input)) {
          any = true;
          operandBytes += input.type().bytes();
        } else if (!sources.containsKey(input)) {
          return false;
        }
      }
      long resultBytes = inner.outputs().stream().mapToLong(var -> var.type().bytes()).sum();
      return any && resultBytes <= operandBytes;
    }

    private void moveOut(Equation inner) {
      List<Var> operands = inner.inputs().stream().map(this::outer).toList();
      List<Var> results = scope.emit(inner.op(), operands, inner.regions(), inner.source());
      for (int i = 0; i < results.size(); i++) {
        outside.put(inner.outputs().get(i), results.get(i));
        hoisted.put(inner.outputs().get(i), results.get(i));
      }
    }

    private Var outer(Var var) {
      Equation source = sources.get(var);
      return source == null
          ? outside.getOrDefault(var, var)
          : scope.emit(source.op(), List.of(), source.source());
    }

    /// The scan with the hoisted values as further consts.
    private List<Var> newScan() {
      List<Var> inputs = new ArrayList<>(body.inputs());
      inputs.addAll(scan.consts(), hoisted.keySet());
      List<Var> operands = new ArrayList<>(equation.inputs());
      operands.addAll(scan.consts(), hoisted.values());
      int consts = scan.consts() + hoisted.size();
      Graph rest = new Graph(body.name(), inputs, kept, body.outputs());
      ControlOp.Scan op = new ControlOp.Scan(scan.length(), consts, scan.carries(), scan.reverse());
      return scope.emit(op, operands, List.of(rest), equation.source());
    }
  }
}
