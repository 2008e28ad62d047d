package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;

class TilingTest {
  private static final int THREADS = 2;

  private static long tiles(MatmulSpec spec) {
    Tiling tiling = Tiling.of(spec, THREADS);
    return Math.ceilDiv(spec.m(), tiling.rows()) * Math.ceilDiv(spec.n(), tiling.columns());
  }

  private static MatmulSpec dense(long m, long n, long k) {
    return MatmulSpec.dense(m, n, k, DType.BF16, DType.BF16);
  }

  @Test
  void largeProductsAreSharedEvenly() {
    long[][] sizes = {
      {4096, 512, 512}, {4096, 1408, 512}, {4096, 512, 1408}, {1024, 32000, 512}, {512, 1408, 4096},
    };
    for (long[] size : sizes) {
      MatmulSpec spec = dense(size[0], size[1], size[2]);
      Tiling tiling = Tiling.of(spec, THREADS);
      long share = Math.ceilDiv(tiles(spec), 2) * tiling.rows() * tiling.columns();
      assertThat(share / (size[0] * size[1] / 2.0)).as("%s", tiling).isLessThan(1.05);
    }
  }

  @Test
  void smallProductsAreNotCut() {
    assertThat(tiles(dense(16, 16, 16))).isEqualTo(1);
    assertThat(tiles(dense(1, 1, 1))).isEqualTo(1);
  }

  @Test
  void manyBatchesAreNotCut() {
    MatmulSpec spec = dense(128, 128, 64).batched(List.of(new BatchDim(64, 1, 1, 16_384)));
    assertThat(tiles(spec)).isEqualTo(1);
  }

  @Test
  void nothingIsOneTile() {
    assertThat(Tiling.of(dense(0, 7, 7), THREADS)).isEqualTo(new Tiling(0, 7));
    assertThat(Tiling.of(dense(7, 7, 0), THREADS)).isEqualTo(new Tiling(7, 7));
  }

  @Test
  void noTileIsASingleRowOrColumn() {
    for (int size = 2; size < 700; size++) {
      MatmulSpec spec = dense(size, 701 - size, 4096);
      for (int threads : new int[] {2, 3, 16}) {
        Tiling tiling = Tiling.of(spec, threads);
        assertThat(size % tiling.rows()).as("rows of %s", tiling).isNotEqualTo(1);
        assertThat((701 - size) % tiling.columns()).as("columns of %s", tiling).isNotEqualTo(1);
      }
    }
  }
}
