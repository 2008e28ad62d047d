package jaxon.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.checkpoint.files.StoredFile;
import jaxon.digest.Sha256;

/// Says who writes in a place that has no locks: who came last, one process or several together.
final class StoreClaim {
  private static final String NAME = ".owner";
  private static final int MOST_BYTES = 1 << 12;
  private static final int ID_DIGITS = 12;

  private final CheckpointFiles files;
  private final byte[] own;

  private StoreClaim(CheckpointFiles files, byte[] own) {
    this.files = files;
    this.own = own;
  }

  /// Takes the place from whoever had it. Where files are replaced by new ones of their name.
  static StoreClaim take(CheckpointFiles files) throws IOException {
    String text =
        "process %d since %s, %s\n"
            .formatted(
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                UUID.randomUUID());
    StoreClaim claim = new StoreClaim(files, text.getBytes(StandardCharsets.UTF_8));
    try (NewFile file = files.create(NAME)) {
      file.write(ByteBuffer.wrap(claim.own));
      file.force();
    }
    return claim;
  }

  /// The claim of the process that has taken the place for this one, too; empty if nobody has.
  static Optional<StoreClaim> join(CheckpointFiles files) throws IOException {
    return files.isFile(NAME) ? Optional.of(new StoreClaim(files, owner(files))) : Optional.empty();
  }

  private static byte[] owner(CheckpointFiles files) throws IOException {
    try (StoredFile file = files.open(NAME)) {
      byte[] found = new byte[(int) Math.min(file.size(), MOST_BYTES)];
      file.read(ByteBuffer.wrap(found), 0);
      return found;
    }
  }

  /// A part of names that all who have the place now agree on, and nobody before or after them.
  String id() {
    return Sha256.hex(own).substring(0, ID_DIGITS);
  }

  /// @throws CheckpointException if somebody else has taken the place since
  void require() throws IOException {
    byte[] found = owner(files);
    if (!Arrays.equals(found, own)) {
      throw CheckpointException.usage(
          "another process trains this run and has taken over %s (%s); this one ends. Choose another run_name if both are wanted"
              .formatted(files.place(), new String(found, StandardCharsets.UTF_8).strip()));
    }
  }
}
