package jaxon.input.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Plain text: each file is one document.
///
/// A file that the user named must be text. Of a directory or pattern, files that are not (a NUL
/// byte or invalid UTF-8), that are empty or that are too large are skipped and counted.
public final class TextFilesSource implements DocumentSource {
  /// The largest text file taken: its text, bytes and tokens are in memory at the same time.
  public static final long MAX_FILE_BYTES = 256L << 20;

  private final String path;
  private final List<Path> files;
  private final int skipped;
  private final long maxFileBytes;

  private TextFilesSource(String path, List<Path> files, int skipped, long maxFileBytes) {
    this.path = path;
    this.files = files;
    this.skipped = skipped;
    this.maxFileBytes = maxFileBytes;
  }

  /// Opens a file, directory or glob pattern.
  public static TextFilesSource open(String path) {
    return open(path, MAX_FILE_BYTES);
  }

  static TextFilesSource open(String path, long maxFileBytes) {
    List<Path> found = FileSearch.find(path, List.of());
    boolean named = found.size() == 1 && found.getFirst().toString().equals(path);
    if (named) {
      if (Utf8Files.read(found.getFirst(), maxFileBytes).isEmpty()) {
        throw new InputException("The text file '%s' is empty.".formatted(path));
      }
      return new TextFilesSource(path, found, 0, maxFileBytes);
    }
    List<Path> texts = new ArrayList<>();
    for (Path file : found) {
      if (isText(file, maxFileBytes)) {
        texts.add(file);
      }
    }
    if (texts.isEmpty()) {
      throw new InputException(
          "None of the %,d files at '%s' is usable text: each is empty, larger than %,d bytes or not UTF-8."
              .formatted(found.size(), path, maxFileBytes));
    }
    return new TextFilesSource(path, texts, found.size() - texts.size(), maxFileBytes);
  }

  private static boolean isText(Path file, long maxFileBytes) {
    try {
      long bytes = Files.size(file);
      return bytes > 0
          && bytes <= maxFileBytes
          && Utf8Files.decode(Utf8Files.bytes(file, maxFileBytes)) != null;
    } catch (IOException e) {
      throw new InputException("Cannot read the file '%s': %s".formatted(file, e), e);
    }
  }

  @Override
  public long size() {
    return files.size();
  }

  @Override
  public String document(long index) {
    return Utf8Files.read(files.get(Math.toIntExact(index)), maxFileBytes);
  }

  @Override
  public String locate(long index) {
    return files.get(Math.toIntExact(index)).toString();
  }

  @Override
  public String describe() {
    return "%,d text file%s at %s%s"
        .formatted(
            files.size(),
            files.size() == 1 ? "" : "s",
            path,
            skipped == 0 ? "" : " (%,d skipped: empty, too large or not UTF-8)".formatted(skipped));
  }

  @Override
  public void close() {}
}
