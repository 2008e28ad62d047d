package jaxon.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import jaxon.digest.Sha256;

/// The names of things in a directory of checkpoints.
///
/// @param canRename whether a checkpoint can be written under another name than its own
record CheckpointLayout(boolean canRename) {
  static final String MANIFEST = "manifest.json";

  /// Written last: without it there is no checkpoint.
  static final String MARKER = "COMMITTED";

  /// Ends the names of what is being written or removed.
  static final String TEMPORARY = ".tmp";

  /// Ends the names of checkpoints that were found damaged.
  static final String DAMAGED = ".damaged";

  private static final Pattern STEP = Pattern.compile("0|[1-9][0-9]{0,17}");

  /// Whether a name is that of a checkpoint.
  static boolean isStep(String name) {
    return STEP.matcher(name).matches();
  }

  /// Whether a name is that of a damaged checkpoint.
  static boolean isDamaged(String name) {
    int end = name.indexOf(DAMAGED);
    return end > 0 && isStep(name.substring(0, end));
  }

  /// The directory of a checkpoint.
  static String step(long step) {
    return Long.toString(step);
  }

  /// Where a checkpoint is written.
  String temporary(long step) {
    return canRename ? step + TEMPORARY : step(step);
  }

  /// What a failed attempt to write a checkpoint may have left.
  List<String> unfinished(long step) {
    return canRename ? List.of(temporary(step), step(step)) : List.of(step(step));
  }

  static String dataName(int writer, int writers) {
    return String.format(Locale.ROOT, "data-%05d-of-%05d.parquet", writer, writers);
  }

  static String partName(int writer) {
    return String.format(Locale.ROOT, "part-%05d.json", writer);
  }

  /// What the marker says beside a manifest of these bytes.
  static byte[] marker(byte[] manifest) {
    return "%s %d %s\n"
        .formatted(MANIFEST, manifest.length, Sha256.hex(manifest))
        .getBytes(StandardCharsets.UTF_8);
  }
}
