package jaxon.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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

  private static final String PART = "part-";

  private static final Pattern OWN =
      Pattern.compile(
          "data-[0-9]{5,}-of-[0-9]{5,}(-[0-9a-f]+)?[.]parquet|part-[0-9]{5,}(-[0-9a-f]+)?[.]json|manifest[.]json|COMMITTED([.]tmp)?");

  private static final int ATTEMPT_DIGITS = 12;

  /// Whether a name is that of a checkpoint.
  static boolean isStep(String name) {
    return STEP.matcher(name).matches();
  }

  /// Whether a name is that of a damaged checkpoint.
  static boolean isDamaged(String name) {
    int end = name.indexOf(DAMAGED);
    return end > 0 && isStep(name.substring(0, end));
  }

  /// The step of a damaged checkpoint.
  static String stepOfDamaged(String name) {
    return name.substring(0, name.indexOf(DAMAGED));
  }

  /// Whether a name is that of a directory where a checkpoint is written, or of a checkpoint.
  static boolean isStepOrTemporary(String name) {
    return isStep(
        name.endsWith(TEMPORARY) ? name.substring(0, name.length() - TEMPORARY.length()) : name);
  }

  /// Whether a name is one that files of checkpoints have.
  static boolean isOwn(String name) {
    return OWN.matcher(name).matches();
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

  /// A name for what a writer writes now. Where a checkpoint is written under its own name, two
  /// runs of which one has taken over from the other may write at the same time: each has its own
  /// file.
  String dataName(int writer, int writers) {
    String attempt =
        canRename
            ? ""
            : "-" + UUID.randomUUID().toString().replace("-", "").substring(0, ATTEMPT_DIGITS);
    return String.format(Locale.ROOT, "data-%05d-of-%05d%s.parquet", writer, writers, attempt);
  }

  /// Where a writer leaves its part.
  ///
  /// @param owner what all writers and the one who commits agree on; may be empty
  static String partName(int writer, String owner) {
    return String.format(Locale.ROOT, PART + "%05d%s", writer, partEnd(owner));
  }

  /// Whether a name is that of a part of any writer with this owner.
  static boolean isPart(String name, String owner) {
    return name.startsWith(PART) && name.endsWith(partEnd(owner));
  }

  private static String partEnd(String owner) {
    return (owner.isEmpty() ? "" : "-" + owner) + ".json";
  }

  /// What the marker says beside a manifest of these bytes.
  static byte[] marker(byte[] manifest) {
    return "%s %d %s\n"
        .formatted(MANIFEST, manifest.length, Sha256.hex(manifest))
        .getBytes(StandardCharsets.UTF_8);
  }
}
