package jaxon.nd4j;

import jaxon.runtime.Backend;
import jaxon.runtime.BackendProvider;

/// Registers the ND4J engine as `hardware: nd4j`.
public final class Nd4jBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return Nd4jBackend.NAME;
  }

  @Override
  public Backend open() {
    return new Nd4jBackend();
  }
}
