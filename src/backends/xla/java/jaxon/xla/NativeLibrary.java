package jaxon.xla;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import jaxon.runtime.BackendUnavailableException;
import org.jspecify.annotations.Nullable;

/// Finds and loads the library that XLA is in, once in a process.
///
/// Its folder is the environment variable `JAXON_XLA_LIBRARY` or, without it, where the build has
/// unpacked it.
final class NativeLibrary {
  static final String FOLDER_VARIABLE = "JAXON_XLA_LIBRARY";

  private static final String FILE = "libtensorflow_cc.so.2";

  private static @Nullable SymbolLookup loaded;

  private NativeLibrary() {}

  /// Throws [BackendUnavailableException] when there is no library, or it does not load here.
  @SuppressWarnings("restricted") // Loading native code is what this class is for.
  static synchronized SymbolLookup load() {
    if (loaded == null) {
      Path file = file(System.getenv());
      ProcessSettings.apply(System.getenv());
      try {
        loaded = SymbolLookup.libraryLookup(file, Arena.global());
      } catch (IllegalArgumentException e) {
        throw new BackendUnavailableException(
            "hardware: xla cannot load "
                + file
                + ". It needs Linux on x86-64 with glibc 2.27 or later and libstdc++.",
            e);
      }
    }
    return loaded;
  }

  /// The library's file, in the folder that the environment or the build names.
  static Path file(Map<String, String> environment) {
    String set = environment.get(FOLDER_VARIABLE);
    Path file = Path.of(set == null ? builtFolder() : set).resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new BackendUnavailableException(
          "hardware: xla needs the native library "
              + file
              + (set == null
                  ? ", which the build of src/backends/xla unpacks and which is not there: build"
                      + " again with mvn -Pxla -pl src/backends/xla -am package, or set "
                      + FOLDER_VARIABLE
                      + " to the folder that holds it."
                  : ", which is not there: "
                      + FOLDER_VARIABLE
                      + " must be the folder that holds it."));
    }
    return file;
  }

  private static String builtFolder() {
    try (InputStream in = NativeLibrary.class.getResourceAsStream("library.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("folder");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
