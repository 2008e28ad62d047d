package jaxon.runtime.cpu.dnnl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import jaxon.runtime.host.UserCache;
import org.jspecify.annotations.Nullable;

/// Finds oneDNN's shared libraries on the class path, copies them into the user's cache once, and
/// loads them.
///
/// The copy lies in a folder named after the checksum of the library, so versions do not meet. It
/// is written under a temporary name, checked against the checksum in the jar and then renamed, so
/// that processes may do so at the same time.
final class DnnlLibrary {
  /// The two libraries of a platform.
  ///
  /// @param folder the platform's name on the class path
  /// @param openMp the OpenMP runtime that oneDNN was built for
  /// @param bundled whether the OpenMP runtime comes with oneDNN or with the system
  record Platform(String folder, String dnnl, String openMp, boolean bundled) {
    /// The platform of this process; for one that has no oneDNN the file names are guesses, which
    /// are not found.
    static Platform current() {
      return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String system, String processor) {
      String name = system.toLowerCase(Locale.ROOT);
      boolean isArm = processor.equals("aarch64") || processor.equals("arm64");
      String arch =
          isArm ? "arm64" : processor.matches("amd64|x86_64|x86-64") ? "x86_64" : processor;
      if (name.startsWith("mac")) {
        String openMp = isArm ? "libomp.dylib" : "libiomp5.dylib";
        return new Platform("macosx-" + arch, "libdnnl.3.dylib", openMp, true);
      }
      if (name.startsWith("windows")) {
        return new Platform("windows-" + arch, "dnnl.dll", "vcomp140.dll", false);
      }
      return new Platform("linux-" + arch, "libdnnl.so.3", "libgomp.so.1", true);
    }

    private String resource(String file) {
      return "org/bytedeco/dnnl/" + folder + "/" + file;
    }
  }

  /// The loaded libraries.
  record Loaded(SymbolLookup dnnl, SymbolLookup openMp) {}

  private DnnlLibrary() {}

  /// Loads the libraries; throws [IllegalStateException] with the reason when that is not possible.
  static Loaded load() {
    Platform platform = Platform.current();
    try {
      // oneDNN looks for its OpenMP runtime in its own folder, so both are put into one.
      URL url = find(platform, platform.dnnl);
      Path dnnl = place(url, folderFor(url), platform.dnnl);
      Path openMp =
          platform.bundled
              ? place(
                  find(platform, platform.openMp),
                  dnnl.toAbsolutePath().getParent(),
                  platform.openMp)
              : null;
      return open(dnnl, openMp, platform.openMp);
    } catch (IOException e) {
      throw new IllegalStateException(
          "oneDNN's library cannot be put into "
              + UserCache.folder("natives")
              + " ("
              + e
              + "); make that folder writable or set XDG_CACHE_HOME to one that is",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "oneDNN's library cannot be loaded: "
              + e.getMessage()
              + " (from "
              + UserCache.folder("natives")
              + ")",
          e);
    }
  }

  /// Loads the OpenMP runtime first, so that oneDNN finds it wherever it lies.
  @SuppressWarnings("restricted") // the libraries stay loaded for the life of the process
  private static Loaded open(Path dnnl, @Nullable Path bundled, String systemName) {
    SymbolLookup openMp =
        bundled == null
            ? SymbolLookup.libraryLookup(systemName, Arena.global())
            : SymbolLookup.libraryLookup(bundled, Arena.global());
    return new Loaded(SymbolLookup.libraryLookup(dnnl, Arena.global()), openMp);
  }

  private static URL find(Platform platform, String file) {
    URL url = DnnlLibrary.class.getClassLoader().getResource(platform.resource(file));
    if (url == null) {
      throw new IllegalStateException(
          "there is no oneDNN for "
              + platform.folder
              + " on the class path ("
              + platform.resource(file)
              + "); build with the Maven profile of this platform if it has one");
    }
    return url;
  }

  /// The folder that a library is copied to: its name tells one build of the library from another.
  private static Path folderFor(URL url) throws IOException {
    JarEntry entry = entry(url);
    return entry == null
        ? UserCache.folder("natives")
        : UserCache.folder("natives")
            .resolve("dnnl-%08x-%d".formatted(entry.getCrc(), entry.getSize()));
  }

  /// Where the library of `url` can be loaded from: its own file, or a checked copy in `folder`.
  static Path place(URL url, @Nullable Path folder, String name) throws IOException {
    JarEntry entry = entry(url);
    if (entry == null || folder == null) {
      try {
        return Path.of(url.toURI());
      } catch (URISyntaxException e) {
        throw new IOException("not a file: " + url, e);
      }
    }
    Path target = folder.resolve(name);
    if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
      Files.createDirectories(folder);
      extract(url, entry, target);
    }
    return target;
  }

  private static void extract(URL url, JarEntry entry, Path target) throws IOException {
    Path part = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
    try {
      CRC32 checksum = new CRC32();
      try (InputStream in = new CheckedInputStream(url.openStream(), checksum);
          OutputStream out = Files.newOutputStream(part)) {
        in.transferTo(out);
      }
      if (Files.size(part) != entry.getSize() || checksum.getValue() != entry.getCrc()) {
        throw new IOException("the copy of " + url + " differs from the original; is a disk full?");
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static @Nullable JarEntry entry(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    return connection instanceof JarURLConnection jar ? jar.getJarEntry() : null;
  }
}
