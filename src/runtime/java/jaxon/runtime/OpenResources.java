package jaxon.runtime;

import java.util.ArrayList;
import java.util.List;

/// What its owner has opened, to be closed in the opposite order.
public final class OpenResources implements AutoCloseable {
  private final List<AutoCloseable> open = new ArrayList<>();

  /// Takes over a resource and gives it back for use.
  public <T extends AutoCloseable> T own(T resource) {
    open.add(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.removeLast().close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("cannot release a resource", e);
      }
    }
  }
}
