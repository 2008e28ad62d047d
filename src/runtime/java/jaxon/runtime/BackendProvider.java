package jaxon.runtime;

/// What a backend module registers with `ServiceLoader`.
public interface BackendProvider {
  /// The name that `hardware:` chooses the backend by.
  String name();

  /// Opens the backend; throws [BackendUnavailableException] saying what is missing when it cannot
  /// run here.
  Backend open();
}
