package jaxon.trainer.profile;

import java.util.Optional;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.CopyBandwidth;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.dnnl.GemmRoofline;
import jaxon.runtime.host.WorkerPool;

/// Measures [Rooflines], whatever backend is used: the best of square products by oneDNN, and of
/// copies that fit no cache.
///
/// @param threads threads that multiply and copy
public record RooflineProbe(int threads) {
  private static final double GEMM_SECONDS = 0.6;
  private static final double COPY_SECONDS = 0.3;
  private static final double GIGA = 1e9;

  /// Takes about two seconds.
  public Rooflines measure() {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new Rooflines(
          GemmRoofline.measure(Dnnl.get(), DType.F32, GEMM_SECONDS, pool) / GIGA,
          GemmRoofline.measure(Dnnl.get(), DType.BF16, GEMM_SECONDS, pool) / GIGA,
          CopyBandwidth.measure(COPY_SECONDS, pool) / GIGA);
    }
  }

  /// Why the products are not oneDNN's, and so no roofline of the machine; empty where they are.
  public static Optional<String> doubt() {
    return Dnnl.reason();
  }
}
