package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jaxon.graph.type.DType;
import jaxon.runtime.host.WorkerPool;
import org.junit.jupiter.api.Test;

class RooflineTest {
  @Test
  void ratesArePositive() {
    try (WorkerPool pool = new WorkerPool(2)) {
      MatmulSpec small = MatmulSpec.dense(64, 64, 64, DType.F32, DType.F32);
      assertThat(GemmRoofline.rate(Dnnl.java(), small, 1e-6, pool)).isPositive();
      assertThat(CopyBandwidth.measure(1e-6, 3_000_000, pool)).isPositive();
    }
  }

  @Test
  void timeMustBePositive() {
    try (WorkerPool pool = new WorkerPool(1)) {
      assertThatThrownBy(() -> CopyBandwidth.measure(0, pool)).hasMessageContaining("got 0.0");
      assertThatThrownBy(() -> GemmRoofline.measure(Dnnl.java(), DType.F32, -1, pool))
          .hasMessageContaining("got -1.0");
    }
  }
}
