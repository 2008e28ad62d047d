package jaxon.runtime;

import java.util.List;
import java.util.ServiceLoader;

/// Finds backends by name.
public final class Backends {
  private Backends() {}

  /// The names of the backends on the class path, sorted.
  public static List<String> names() {
    return providers().stream().map(BackendProvider::name).sorted().toList();
  }

  /// Opens the backend called `name`; the caller closes it.
  public static Backend open(String name) {
    return providers().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "hardware '" + name + "' is not on the class path; found: " + names()))
        .open();
  }

  private static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
