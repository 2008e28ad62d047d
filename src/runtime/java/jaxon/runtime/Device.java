package jaxon.runtime;

/// One place where buffers live and programs run, for example `nd4j:0`.
public record Device(String backend, int id) {
  @Override
  public String toString() {
    return backend + ":" + id;
  }
}
