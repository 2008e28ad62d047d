package jaxon.runtime.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.cpu.KernelRun;
import jaxon.runtime.cpu.attention.AttentionRun.Packing;
import jaxon.runtime.cpu.dnnl.Dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The backward kernel against the decomposition of its composite.
class FlashBackwardTest {
  static Stream<AttentionRun> cases() {
    return AttentionCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheDecomposition(AttentionRun run) {
    List<Literal> residuals = run.found(Dnnl.get(), 2);
    List<Literal> expected = run.expectedGradients(residuals);
    List<Literal> found = run.foundGradients(residuals, Dnnl.get(), 2);

    KernelRun.assertClose(found, expected, run.dtype() == DType.BF16 ? 0.02 : 1e-5);
  }

  @Test
  void threadsDoNotChangeTheBits() {
    AttentionRun run =
        AttentionCases.of(new DotProductAttention(true, 0, 0.3, 0, false, false), DType.BF16)
            .sized(2, 300, 300, 4, 2, 16, Packing.DOCUMENTS);
    List<Literal> residuals = run.found(Dnnl.get(), 1);
    List<Literal> one = run.foundGradients(residuals, Dnnl.get(), 1);

    assertThat(run.foundGradients(residuals, Dnnl.get(), 2)).isEqualTo(one);
    assertThat(run.foundGradients(residuals, Dnnl.get(), 3)).isEqualTo(one);
  }
}
