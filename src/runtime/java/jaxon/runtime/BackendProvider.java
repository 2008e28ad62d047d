package jaxon.runtime;

import java.util.List;

/// What a backend module registers with `ServiceLoader`.
public interface BackendProvider {
  /// The name that `hardware:` chooses the backend by.
  String name();

  /// Opens the backend; throws [BackendUnavailableException] saying what is missing when it cannot
  /// run here.
  Backend open();

  /// Opens a backend for each of `count` devices of this process, numbered from `first` on. They
  /// may share what they compile.
  default List<Backend> open(int first, int count) {
    if (first == 0 && count == 1) {
      return List.of(open());
    }
    throw new BackendUnavailableException(
        "hardware: "
            + name()
            + " has one device and cannot take part in a mesh; hardware: cpu has as many as are"
            + " asked for");
  }
}
