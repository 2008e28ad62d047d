package jaxon.sharding.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.type.Shape;
import org.junit.jupiter.api.Test;

class ReshapeShardingRuleTest {
  private static OpRule rule(Shape from, Shape to) {
    return ReshapeShardingRule.of(from, to);
  }

  private static List<List<Long>> sizes(OpRule rule, List<List<Integer>> dims) {
    return dims.stream().map(rule::sizes).toList();
  }

  @Test
  void digitsAreTheFinestCommonOnes() {
    OpRule rule = rule(Shape.of(6, 4), Shape.of(3, 8));
    assertThat(sizes(rule, rule.operands().getFirst()))
        .containsExactly(List.of(3L, 2L), List.of(4L));
    assertThat(sizes(rule, rule.results().getFirst()))
        .containsExactly(List.of(3L), List.of(2L, 4L));
  }

  @Test
  void dimsOfSizeOneHaveNoDigits() {
    OpRule rule = rule(Shape.of(5, 1, 7), Shape.of(1, 35));
    assertThat(rule.operands().getFirst()).containsExactly(List.of(0), List.of(), List.of(1));
    assertThat(rule.results().getFirst()).containsExactly(List.of(), List.of(0, 1));
  }

  @Test
  void onlyTheGroupWithoutCommonDigitsStaysWhole() {
    OpRule rule = rule(Shape.of(8, 4, 3), Shape.of(8, 3, 4));
    assertThat(rule.factors().stream().map(Factor::role))
        .containsExactly(
            Factor.Role.PARALLEL,
            Factor.Role.WHOLE,
            Factor.Role.WHOLE,
            Factor.Role.WHOLE,
            Factor.Role.WHOLE);
  }
}
