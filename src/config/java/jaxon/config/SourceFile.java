package jaxon.config;

import java.nio.file.Path;

/// A YAML file and how messages call it.
///
/// @param path absolute and normalized
/// @param shown the path from the working directory when the file is below it, else the absolute
///   one
record SourceFile(Path path, String shown) {

  static SourceFile of(Path path, Path workingDirectory) {
    Path absolute = workingDirectory.resolve(path).toAbsolutePath().normalize();
    Path directory = workingDirectory.toAbsolutePath().normalize();
    Path shown = absolute.startsWith(directory) ? directory.relativize(absolute) : absolute;
    return new SourceFile(absolute, shown.toString());
  }
}
