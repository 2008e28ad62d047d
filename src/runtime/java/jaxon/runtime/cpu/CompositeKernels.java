package jaxon.runtime.cpu;

import java.util.Map;
import java.util.Optional;

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
    return new CompositeKernels(Map.of());
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
