package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every pass keeps what random graphs compute, bit for bit.
class PassEquivalenceTest {
  private static final int GRAPHS = Integer.getInteger("jaxon.test.graphs", 40);

  static Stream<Pass> passes() {
    return Stream.of(
        new InlineRegions(_ -> false),
        new InlineRegions(_ -> true),
        new StripAnnotations(),
        new EliminateDead(),
        new DemoteInvariants(),
        new SinkConstants(),
        new FoldConstants(),
        new SimplifyAlgebra(),
        new MergeCommon(),
        new HoistInvariants(),
        new DeferWidening(),
        new DropBarriers());
  }

  @ParameterizedTest
  @MethodSource("passes")
  void keepsResultsOfRandomGraphs(Pass pass) {
    assertThat(PassVerifier.verifyOnRandomGraphs(pass, GRAPHS))
        .as("%s changed none of the graphs, so this proves nothing", pass.name())
        .isTrue();
  }
}
