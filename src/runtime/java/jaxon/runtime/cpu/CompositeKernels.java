package jaxon.runtime.cpu;

import java.util.Map;
import java.util.Optional;
import jaxon.runtime.cpu.attention.FlashBackward;
import jaxon.runtime.cpu.attention.FlashForward;
import jaxon.runtime.cpu.decode.CachedAttentionKernel;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.loss.LinearCrossEntropyKernel;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.pass.fuse.FuseLoops;

/// Which composites run whole, by name; the others are lowered op by op.
final class CompositeKernels {
  private final Map<String, Preparation> byName;

  CompositeKernels(Map<String, Preparation> byName) {
    this.byName = Map.copyOf(byName);
  }

  /// Prepares the kernel of a composite.
  @FunctionalInterface
  interface Preparation {
    /// The kernel, or empty when there is none for these layouts or attributes.
    Optional<HostKernel> prepare(CompositeCall call);
  }

  /// The kernels of this engine.
  static CompositeKernels standard() {
    LoopCompilers loops = new LoopCompilers();
    return new CompositeKernels(
        Map.of(
            FuseLoops.COMPOSITE,
            call -> LoopKernel.prepare(call, loops),
            "jaxon.attention",
            CompositeKernels::attention,
            "jaxon.attention_grad",
            CompositeKernels::attentionGradient,
            "jaxon.cached_attention",
            CompositeKernels::cachedAttention,
            "jaxon.linear_cross_entropy",
            call -> loss(call, false),
            "jaxon.linear_cross_entropy_grad",
            call -> loss(call, true)));
  }

  private static Optional<HostKernel> loss(CompositeCall call, boolean hasGradient) {
    return LinearCrossEntropyKernel.isSupported(call.operands())
        ? Optional.of(
            LinearCrossEntropyKernel.of(
                call.composite(),
                hasGradient,
                call.operands(),
                Dnnl.get(),
                call.workers().threads()))
        : Optional.empty();
  }

  private static Optional<HostKernel> attention(CompositeCall call) {
    return FlashForward.isSupported(call.operands())
        ? Optional.of(
            FlashForward.of(
                call.composite(), call.operands(), Dnnl.get(), call.workers().threads()))
        : Optional.empty();
  }

  private static Optional<HostKernel> attentionGradient(CompositeCall call) {
    return FlashBackward.isSupported(call.operands())
        ? Optional.of(
            FlashBackward.of(
                call.composite(), call.operands(), Dnnl.get(), call.workers().threads()))
        : Optional.empty();
  }

  private static Optional<HostKernel> cachedAttention(CompositeCall call) {
    return CachedAttentionKernel.isSupported(call.operands())
        ? Optional.of(
            CachedAttentionKernel.of(call.composite(), call.operands(), call.workers().threads()))
        : Optional.empty();
  }

  /// True when there may be a kernel for composites of this name.
  boolean has(String name) {
    return byName.containsKey(name);
  }

  /// The kernel for `call`, if there is one.
  Optional<HostKernel> prepare(CompositeCall call) {
    Preparation preparation = byName.get(call.composite().name());
    return preparation == null ? Optional.empty() : preparation.prepare(call);
  }
}
