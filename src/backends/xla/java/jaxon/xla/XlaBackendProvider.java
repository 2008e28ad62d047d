package jaxon.xla;

import jaxon.runtime.Backend;
import jaxon.runtime.BackendProvider;

/// Registers XLA as `hardware: xla`.
public final class XlaBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return XlaBackend.NAME;
  }

  @Override
  public Backend open() {
    return new XlaBackend();
  }
}
