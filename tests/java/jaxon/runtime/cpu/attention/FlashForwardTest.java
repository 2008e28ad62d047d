package jaxon.runtime.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.cpu.attention.AttentionRun.Packing;
import jaxon.runtime.cpu.dnnl.Dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The forward kernel against the decomposition of its composite.
class FlashForwardTest {
  static Stream<AttentionRun> cases() {
    return AttentionCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheDecomposition(AttentionRun run) {
    List<Literal> expected = run.expected();
    List<Literal> found = run.found(Dnnl.get(), 2);

    boolean isBf16 = run.dtype() == DType.BF16;
    assertThat(found.get(0).toDoubles())
        .containsExactly(expected.get(0).toDoubles(), within(isBf16 ? 0.02 : 2e-6));
    assertThat(found.get(1).toDoubles())
        .containsExactly(expected.get(1).toDoubles(), within(isBf16 ? 0.02 : 5e-6));
  }

  @Test
  void threadsDoNotChangeTheBits() {
    AttentionRun run =
        AttentionCases.of(new DotProductAttention(true, 0, 0.3, 0, false, false), DType.BF16)
            .sized(2, 300, 300, 4, 2, 16, Packing.DOCUMENTS);
    List<Literal> one = run.found(Dnnl.get(), 1);

    assertThat(run.found(Dnnl.get(), 2)).isEqualTo(one);
    assertThat(run.found(Dnnl.get(), 3)).isEqualTo(one);
  }
}
