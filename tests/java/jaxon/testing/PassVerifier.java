package jaxon.testing;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.runtime.pass.Pass;

/// Proves on generated inputs that a pass keeps what graphs compute.
///
/// This complements expectations on the rewritten graph: those pin what the pass does, this finds
/// what it should not have done.
public final class PassVerifier {
  private static final int INPUT_SETS = 2;

  private PassVerifier() {}

  /// The graph after `pass`; fails unless it is legal, has the same type and gives the same bits.
  public static Graph verify(Pass pass, Graph graph) {
    return verify(pass, graph, 0);
  }

  /// As above, with floats allowed to differ by `tolerance`, relative to the larger of 1 and the
  /// value.
  public static Graph verify(Pass pass, Graph graph, double tolerance) {
    Graph rewritten = pass.run(graph);
    GraphVerifier.verify(rewritten, pass.name());
    if (!rewritten.type().equals(graph.type())) {
      throw new AssertionError(pass.name() + " changed the type of " + graph + " to " + rewritten);
    }
    for (int seed = 0; seed < INPUT_SETS; seed++) {
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      compare(pass, graph, rewritten, inputs, tolerance);
    }
    return rewritten;
  }

  /// Verifies `pass` on `count` random graphs; true when it changed at least one of them.
  public static boolean verifyOnRandomGraphs(Pass pass, int count) {
    boolean changed = false;
    for (int seed = 0; seed < count; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      changed |= !verify(pass, graph).equals(graph);
    }
    return changed;
  }

  private static void compare(
      Pass pass, Graph graph, Graph rewritten, List<Literal> inputs, double tolerance) {
    List<Literal> expected = Interpreter.run(graph, inputs);
    List<Literal> found = Interpreter.run(rewritten, inputs);
    for (int i = 0; i < expected.size(); i++) {
      long difference = firstDifference(expected.get(i), found.get(i), tolerance);
      if (difference >= 0) {
        throw new AssertionError(
            "%s changed output %d of graph '%s' at element %d: %s became %s%n%s%nbecame%n%s"
                .formatted(
                    pass.name(),
                    i,
                    graph.name(),
                    difference,
                    expected.get(i).get(difference),
                    found.get(i).get(difference),
                    GraphListing.of(graph),
                    GraphListing.of(rewritten)));
      }
    }
  }

  /// The first element that differs, or -1. All NaN are one value; zeros differ by sign.
  private static long firstDifference(Literal expected, Literal found, double tolerance) {
    DType dtype = expected.type().dtype();
    for (long i = 0; i < expected.type().shape().elements(); i++) {
      boolean same =
          dtype.isFloat()
              ? sameFloat(expected.get(i), found.get(i), tolerance)
              : expected.getLong(i) == found.getLong(i);
      if (!same) {
        return i;
      }
    }
    return -1;
  }

  private static boolean sameFloat(double expected, double found, double tolerance) {
    boolean same = Double.doubleToLongBits(expected) == Double.doubleToLongBits(found);
    double allowed = tolerance * Math.max(1, Math.abs(expected));
    return same || (tolerance > 0 && Math.abs(expected - found) <= allowed);
  }
}
