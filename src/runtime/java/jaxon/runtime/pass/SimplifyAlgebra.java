package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// Local identities, applied until none fires: see the rule families for the rewrites.
///
/// Every rule is exact: the values are the same bit for bit, for infinities, NaN and both zeros too
/// (the payload of a NaN is not a value). That is why `x + 0` stays for floats (`-0 + 0` is `+0`)
/// while `x - 0` and `x + -0` go, and why `x * 0` goes for integers only.
public final class SimplifyAlgebra implements Pass {
  /// Each round ends in fewer or smaller equations, so this is only a net under a wrong rule.
  private static final int MAX_ROUNDS = 100;

  /// The rules, tried in order on each equation; the first that fires wins.
  private static final List<RewriteRule> RULES =
      List.of(
          ArithmeticRules::dropNeutralOperand,
          ArithmeticRules::absorb,
          ArithmeticRules::combineEqualOperands,
          ArithmeticRules::dropDoubleNegation,
          ArithmeticRules::dropSelect,
          ConvertRules::dropConvert,
          ConvertRules::mergeConverts,
          ConvertRules::dropBitcast,
          MovementRules::dropReshape,
          MovementRules::mergeReshapes,
          MovementRules::dropTranspose,
          MovementRules::mergeTransposes,
          MovementRules::dropBroadcast,
          MovementRules::mergeBroadcasts,
          MovementRules::dropSlice,
          MovementRules::dropPad,
          MovementRules::dropConcatenate,
          MovementRules::dropReverse,
          MovementRules::sinkBroadcastBelowUnary,
          IndexRules::dropDynamicSlice,
          IndexRules::dropDynamicUpdateSlice,
          IndexRules::makeSliceStatic,
          ControlRules::dropReduce,
          ControlRules::chooseBranch);

  @Override
  public Graph run(Graph graph) {
    Graph current = graph;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Graph next = GraphRewriter.rewrite(current, SimplifyAlgebra::firstRuleThatFires);
      if (next.equals(current)) {
        return current;
      }
      current = next;
    }
    throw new IllegalStateException(
        "SimplifyAlgebra still changes graph '"
            + graph.name()
            + "' after "
            + MAX_ROUNDS
            + " rounds: two rules undo each other");
  }

  private static Optional<List<Var>> firstRuleThatFires(Equation equation, RewriteScope scope) {
    for (RewriteRule rule : RULES) {
      Optional<List<Var>> results = rule.apply(equation, scope);
      if (results.isPresent()) {
        return results;
      }
    }
    return Optional.empty();
  }
}
