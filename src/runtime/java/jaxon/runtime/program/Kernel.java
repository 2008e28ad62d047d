package jaxon.runtime.program;

import jaxon.runtime.profile.KernelWork;

/// One step of a linked program: reads and writes memory that was fixed at link time.
@FunctionalInterface
public interface Kernel {
  void run();

  /// What the profiler is told, given what is known of the action.
  default KernelWork work(KernelWork known) {
    return known;
  }
}
