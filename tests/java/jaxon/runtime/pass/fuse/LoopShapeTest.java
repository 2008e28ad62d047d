package jaxon.runtime.pass.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import jaxon.graph.type.Shape;
import org.junit.jupiter.api.Test;

class LoopShapeTest {
  private static LoopShape shape(long... dims) {
    return LoopShape.of(Shape.of(dims));
  }

  @Test
  void cutsWhereEitherCuts() {
    assertThat(shape(2048, 320).refinedBy(shape(8, 256, 320))).contains(shape(8, 256, 320));
    assertThat(shape(12).refinedBy(shape(1, 3, 1, 4))).contains(shape(3, 4));
    assertThat(shape().refinedBy(shape(1, 1))).contains(shape());
    assertThat(shape(2, 6).refinedBy(shape(4, 3))).contains(shape(2, 2, 3));
  }

  @Test
  void walksThatCutInTheMiddleOfEachOtherDoNotFit() {
    assertThat(shape(4, 6).refinedBy(shape(3, 8))).isEmpty();
    assertThat(shape(4, 6).refinedBy(shape(4, 7))).isEmpty();
  }

  @Test
  void countsLeadingDims() {
    assertThat(shape(4, 6, 8).dimsOf(24)).isEqualTo(2);
    assertThat(shape(4, 6, 8).dimsOf(1)).isZero();
    assertThat(shape(4, 6, 8).dimsOf(192)).isEqualTo(3);
    assertThat(shape(4, 6, 8).dimsOf(12)).isEqualTo(-1);
  }

  @Test
  void printsAsItsAttribute() {
    assertThat(shape(8, 1, 512)).hasToString("8x512");
    assertThat(shape()).hasToString("1");
  }
}
