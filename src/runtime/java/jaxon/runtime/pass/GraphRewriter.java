package jaxon.runtime.pass;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// Applies a rule to every equation of a graph and of its regions, regions first.
///
/// Values that no rule replaces keep their identity, a region shared by several equations stays
/// shared, and a graph in which nothing fires is returned as it is.
public final class GraphRewriter {
  private final Supplier<RewriteRule> rules;
  private final IdentityHashMap<Graph, Graph> done = new IdentityHashMap<>();

  private GraphRewriter(Supplier<RewriteRule> rules) {
    this.rules = rules;
  }

  /// Rewrites with a rule that keeps no state.
  public static Graph rewrite(Graph graph, RewriteRule rule) {
    return new GraphRewriter(() -> rule).run(graph);
  }

  /// Rewrites with a fresh rule for each region, for rules that remember what they saw.
  static Graph rewriteWithState(Graph graph, Supplier<RewriteRule> rules) {
    return new GraphRewriter(rules).run(graph);
  }

  private Graph run(Graph graph) {
    Graph known = done.get(graph);
    if (known != null) {
      return known;
    }
    RewriteRule rule = rules.get();
    RewriteScope scope = new RewriteScope();
    Map<Var, Var> replaced = new HashMap<>();
    boolean changed = false;
    for (Equation old : graph.equations()) {
      Optional<Equation> translated = translate(old, replaced);
      changed |= translated.isPresent();
      Equation equation = translated.orElse(old);
      Optional<List<Var>> results = rule.apply(equation, scope);
      if (results.isEmpty()) {
        scope.append(equation);
      } else {
        changed = true;
        replace(old.outputs(), results.get(), replaced);
      }
    }
    Graph result =
        changed
            ? new Graph(
                graph.name(), graph.inputs(), scope.equations(), rename(graph.outputs(), replaced))
            : graph;
    done.put(graph, result);
    return result;
  }

  /// The equation over the new values and regions, or empty when they are the old ones.
  private Optional<Equation> translate(Equation old, Map<Var, Var> replaced) {
    List<Graph> regions = old.regions().stream().map(this::run).toList();
    List<Var> inputs = rename(old.inputs(), replaced);
    boolean same = regions.equals(old.regions()) && inputs.equals(old.inputs());
    return same
        ? Optional.empty()
        : Optional.of(new Equation(old.op(), inputs, old.outputs(), regions, old.source()));
  }

  private static List<Var> rename(List<Var> vars, Map<Var, Var> replaced) {
    return vars.stream().map(var -> replaced.getOrDefault(var, var)).toList();
  }

  private static void replace(List<Var> from, List<Var> to, Map<Var, Var> replaced) {
    if (from.size() != to.size()) {
      throw new IllegalStateException(
          "a rewrite gave " + to.size() + " values for " + from.size() + " outputs");
    }
    for (int i = 0; i < from.size(); i++) {
      replaced.put(from.get(i), to.get(i));
    }
  }
}
