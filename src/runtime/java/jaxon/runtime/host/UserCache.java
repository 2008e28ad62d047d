package jaxon.runtime.host;

import java.nio.file.Path;
import java.util.List;

/// The user's folder for files that can be made again: unpacked libraries, compiled loops.
public final class UserCache {
  private UserCache() {}

  /// `$XDG_CACHE_HOME/jaxon/NAME`, or where the platform keeps such files.
  public static Path folder(String name) {
    for (String variable : List.of("XDG_CACHE_HOME", "LOCALAPPDATA")) {
      String root = System.getenv(variable);
      if (root != null && !root.isBlank()) {
        return Path.of(root, "jaxon", name);
      }
    }
    return Path.of(System.getProperty("user.home"), ".cache", "jaxon", name);
  }
}
