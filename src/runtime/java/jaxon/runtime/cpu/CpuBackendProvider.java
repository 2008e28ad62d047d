package jaxon.runtime.cpu;

import java.util.List;
import jaxon.runtime.Backend;
import jaxon.runtime.BackendProvider;

/// Registers the compiler for the CPU as `hardware: cpu`.
public final class CpuBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return CpuBackend.NAME;
  }

  @Override
  public Backend open() {
    return new CpuBackend();
  }

  @Override
  public List<Backend> open(int first, int count) {
    return CpuBackend.open(first, count);
  }
}
