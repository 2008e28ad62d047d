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

  /// Opens the backend called `name`; the caller closes it. Throws [BackendUnavailableException]
  /// when its module is not there, or cannot run here.
  public static Backend open(String name) {
    return provider(name).open();
  }

  /// Opens a backend for each of `count` devices of this process, numbered from `first` on.
  public static List<Backend> open(String name, int first, int count) {
    return provider(name).open(first, count);
  }

  private static BackendProvider provider(String name) {
    return providers().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BackendUnavailableException(absent(name)));
  }

  private static String absent(String name) {
    String message = "hardware: " + name + " is not in this build, which has " + names() + ".";
    return name.equals("xla")
        ? message
            + " Its native library is large, so it is built only on request: set JAXON_PROFILES=xla"
            + " for bin/jaxon and bin/train, or build with mvn -Pxla (see docs/backends.md)."
        : message;
  }

  private static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
