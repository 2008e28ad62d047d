package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ErfTest {
  /// Pairs of x and erf(x), as the C library's `erf` gives them.
  private static final double[][] REFERENCE = {
    {1e-300, 1.1283791670955126e-300},
    {1e-10, 1.1283791670955126e-10},
    {0.01, 0.011283415555849616},
    {0.1, 0.1124629160182849},
    {0.3, 0.3286267594591274},
    {0.5, 0.5204998778130465},
    {0.75, 0.7111556336535151},
    {1.0, 0.8427007929497149},
    {1.25, 0.9229001282564582},
    {1.5, 0.9661051464753108},
    {1.75, 0.9866716712191824},
    {1.9, 0.9927904292352575},
    {1.99, 0.995111413199617},
    {2.0, 0.9953222650189527},
    {2.01, 0.9955248493552482},
    {2.1, 0.997020533343667},
    {2.5, 0.999593047982555},
    {3.0, 0.9999779095030014},
    {3.5, 0.9999992569016276},
    {4.0, 0.9999999845827421},
    {5.0, 0.9999999999984626},
    {5.9, 0.9999999999999999},
    {6.0, 1.0}
  };

  @Test
  void agreesWithTheCLibrary() {
    for (double[] pair : REFERENCE) {
      double tolerance = 1e-15 * Math.min(1, Math.abs(2 * pair[0]));
      assertThat(Erf.of(pair[0])).as("erf(%s)", pair[0]).isCloseTo(pair[1], within(tolerance));
      assertThat(Erf.of(-pair[0])).isEqualTo(-Erf.of(pair[0]));
    }
  }

  @Test
  void theTwoFormulasMeet() {
    assertThat(Erf.of(Math.nextDown(2.0))).isCloseTo(Erf.of(2.0), within(1e-15));
  }

  @Test
  void specialValues() {
    assertThat(Erf.of(Double.NaN)).isNaN();
    assertThat(Erf.of(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Erf.of(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Erf.of(-0.0)).isEqualTo(-0.0);
    assertThat(Erf.of(30)).isEqualTo(1);
  }
}
