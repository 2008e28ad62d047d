package jaxon.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.LocalFiles;
import jaxon.checkpoint.files.StoredFile;
import jaxon.config.CheckpointCompression;
import jaxon.config.Place;

/// A directory of checkpoints, each in a directory named by its step.
///
/// A checkpoint exists when its marker does; everything else in the directory is no checkpoint and
/// is never read. One process at a time may change the directory, except that several may write
/// their parts of one checkpoint.
public final class CheckpointStore {
  /// A manifest larger than this is refused unread.
  private static final long MANIFEST_BYTES = 1L << 27;

  private final CheckpointLayout layout;
  private final CheckpointFiles files;
  private volatile Optional<StoreClaim> claim = Optional.empty();

  /// The checkpoints in a directory of this machine, which need not be there yet.
  public CheckpointStore(Path directory) {
    this(new LocalFiles(directory));
  }

  /// The checkpoints of a place, which need not be there yet.
  ///
  /// @throws CheckpointException if nobody knows such places
  public static CheckpointStore at(Place place) {
    return new CheckpointStore(Places.files(place));
  }

  /// The checkpoints below a place.
  public CheckpointStore(CheckpointFiles files) {
    this.layout = new CheckpointLayout(files.canRename());
    this.files = files;
  }

  /// Where the checkpoints are.
  public Place place() {
    return files.place();
  }

  /// Where one of them is, or would be.
  public Place place(long step) {
    return place().resolve(CheckpointLayout.step(step));
  }

  /// Whether the directory is there.
  public boolean isThere() {
    return guard("cannot reach " + place(), () -> files.isDirectory(""));
  }

  /// Makes the directory unless it is there, and its name durable. Where there are no locks, this
  /// store belongs from now on to whoever has the directory, as if it had claimed it with them.
  public void create() {
    guard(
        "cannot make the directory of checkpoints " + place(),
        () -> {
          files.createPlace();
          join();
          return true;
        });
  }

  private void join() throws IOException {
    if (!files.canRename() && claim.isEmpty()) {
      claim = StoreClaim.join(files);
    }
  }

  /// Takes over a directory whose file system has no locks: from now on this store refuses to write
  /// when somebody else has taken it since. Does nothing where a lock is what keeps others out.
  public void claim() {
    if (!files.canRename()) {
      claim = Optional.of(guard("cannot take over " + place(), () -> StoreClaim.take(files)));
    }
  }

  private void requireClaim() throws IOException {
    if (claim.isPresent()) {
      claim.get().require();
    }
  }

  /// The steps of the checkpoints that are there, ascending.
  public List<Long> steps() {
    return guard(
        "cannot list the checkpoints in " + place(),
        () -> {
          List<String> markers =
              files.list("").stream()
                  .filter(CheckpointLayout::isStep)
                  .map(CheckpointStore::marker)
                  .toList();
          return files.filesAmong(markers).stream()
              .map(marker -> Long.valueOf(marker.substring(0, marker.indexOf('/'))))
              .sorted()
              .toList();
        });
  }

  /// Whether there is a checkpoint of a step.
  public boolean has(long step) {
    return guard(
        "cannot look for the checkpoint " + place(step),
        () -> isCommitted(CheckpointLayout.step(step)));
  }

  /// The names of what was set aside as damaged.
  public List<String> damaged() {
    return guard(
        "cannot list the checkpoints in " + place(),
        () -> files.list("").stream().filter(CheckpointLayout::isDamaged).toList());
  }

  /// Removes what interrupted writers and removers have left behind, and gives its names.
  ///
  /// @throws CheckpointException if something has the name of such a leftover, but other files than
  ///   those of checkpoints are in it; nothing is removed then
  public List<String> clean() {
    return guard(
        "cannot remove leftovers from " + place(),
        () -> {
          List<String> leftovers = new ArrayList<>();
          for (String name : files.list("")) {
            if (isLeftover(name) && files.isDirectory(name)) {
              requireOwn(name);
              leftovers.add(name);
            }
          }
          for (String name : leftovers) {
            remove(name);
          }
          files.removeUnfinished();
          return leftovers;
        });
  }

  private boolean isLeftover(String name) throws IOException {
    if (CheckpointLayout.isDamaged(name)) {
      // A copy of which the marker is missing, beside the original that has its own.
      return !files.canRename()
          && !isCommitted(name)
          && isCommitted(CheckpointLayout.stepOfDamaged(name))
          && isAllOwn(name);
    }
    return CheckpointLayout.isStepOrTemporary(name)
        && !(CheckpointLayout.isStep(name) && isCommitted(name));
  }

  private boolean isAllOwn(String folder) throws IOException {
    return files.list(folder).stream().allMatch(CheckpointLayout::isOwn);
  }

  /// Looks before something is removed that is named as a checkpoint, but may be anybody's.
  private void requireOwn(String folder) throws IOException {
    for (String name : files.list(folder)) {
      if (!CheckpointLayout.isOwn(name)) {
        throw CheckpointException.usage(
            "%s has the name of a checkpoint that was not finished, and would be removed; but it holds %s, which is no file of a checkpoint. Move it elsewhere, or keep the checkpoints in another directory"
                .formatted(place().resolve(folder), name));
      }
    }
  }

  /// The manifest of a checkpoint.
  ///
  /// @throws CheckpointException if there is none of that step, or it is not as it was written
  public Checkpoint read(long step) {
    String folder = CheckpointLayout.step(step);
    String what = "the checkpoint " + place(step);
    return guard(
        "cannot read " + what,
        CheckpointException::reading,
        () -> {
          if (!isCommitted(folder)) {
            throw CheckpointException.usage(
                "there is no checkpoint %d in %s; there are %s".formatted(step, place(), steps()));
          }
          byte[] manifest = readAll(folder + "/" + CheckpointLayout.MANIFEST);
          byte[] marker = readAll(marker(folder));
          if (!Arrays.equals(marker, CheckpointLayout.marker(manifest))) {
            throw CheckpointException.damaged(
                "%s is damaged: its manifest and its marker do not belong together"
                    .formatted(what));
          }
          Checkpoint checkpoint = ManifestJson.read(manifest, what);
          ManifestCheck.check(checkpoint, what);
          if (checkpoint.step() != step) {
            throw CheckpointException.damaged(
                "%s is damaged: its manifest is of step %d".formatted(what, checkpoint.step()));
          }
          return checkpoint;
        });
  }

  /// The tensors of a checkpoint; the caller closes them.
  public TensorReader open(Checkpoint checkpoint) {
    return new TensorReader(checkpoint, place(checkpoint.step()), files);
  }

  /// Reads every byte of a checkpoint.
  ///
  /// @return what is wrong with it, one line each; none if it is intact
  public List<String> verify(long step) {
    try {
      Checkpoint checkpoint = read(step);
      try (TensorReader reader = open(checkpoint)) {
        return reader.verify();
      }
    } catch (CheckpointException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /// Starts a checkpoint: makes an empty temporary directory for the parts.
  ///
  /// @throws CheckpointException if there is a checkpoint of that step, or something else in its
  ///   place, or the disk refuses
  public void prepare(long step) {
    guard(
        cannotWrite(step),
        () -> {
          requireClaim();
          if (isCommitted(CheckpointLayout.step(step))) {
            throw CheckpointException.usage("there already is a checkpoint " + place(step));
          }
          for (String leftover : layout.unfinished(step)) {
            if (files.isDirectory(leftover)) {
              requireOwn(leftover);
              remove(leftover);
            }
          }
          files.createDirectory(layout.temporary(step));
          files.forceDirectory("");
          return true;
        });
  }

  /// Writes the blocks that one of several writers has, after [#prepare]; durable on return.
  ///
  /// @param writer number of the writer, from 0
  /// @return what has become of them, for [#commit]
  public Checkpoint writePart(long step, int writer, int writers, Iterable<TensorBlock> blocks) {
    return writePart(step, writer, writers, CheckpointCompression.NONE, blocks);
  }

  /// The same with the blocks compressed.
  public Checkpoint writePart(
      long step,
      int writer,
      int writers,
      CheckpointCompression compression,
      Iterable<TensorBlock> blocks) {
    return guard(
        cannotWrite(step),
        () -> {
          requireClaim();
          return PartWriter.write(
              files,
              layout.temporary(step),
              step,
              layout.dataName(writer, writers),
              compression,
              blocks);
        });
  }

  /// Leaves a part where the process that commits finds it; durable on return.
  public void storePart(Checkpoint part, int writer) {
    String folder = layout.temporary(part.step());
    guard(
        cannotWrite(part.step()),
        () -> {
          join();
          PartWriter.writeFile(files, folder + "/" + partName(writer), ManifestJson.write(part));
          files.forceDirectory(folder);
          return true;
        });
  }

  private String partName(int writer) {
    return CheckpointLayout.partName(writer, owner());
  }

  private String owner() {
    return claim.map(StoreClaim::id).orElse("");
  }

  /// The parts that all writers have left.
  public List<Checkpoint> storedParts(long step, int writers) {
    return guard(
        "cannot read the parts of checkpoint " + step,
        () -> {
          List<Checkpoint> parts = new ArrayList<>();
          for (int writer = 0; writer < writers; writer++) {
            String file = layout.temporary(step) + "/" + partName(writer);
            parts.add(ManifestJson.read(readAll(file), place().resolve(file).toString()));
          }
          return parts;
        });
  }

  /// Makes the parts a checkpoint: from the return on it exists, whatever happens.
  ///
  /// @param paths of the tensors, in the order they are to have
  /// @throws CheckpointException if the parts do not make up whole tensors, or the disk refuses;
  ///   then there is no such checkpoint, unless it was the very last operation that the disk
  ///   refused
  public Checkpoint commit(
      long step, Checkpoint.Facts facts, List<String> paths, List<Checkpoint> parts) {
    Checkpoint checkpoint = PartMerge.merge(step, facts, paths, parts);
    ManifestCheck.check(checkpoint, "the new checkpoint " + place(step));
    byte[] manifest = ManifestJson.write(checkpoint);
    if (manifest.length > MANIFEST_BYTES) {
      throw CheckpointException.usage(
          "the manifest of %s has %,d bytes, at most %,d can be read: too many chunks"
              .formatted(place(step), manifest.length, MANIFEST_BYTES));
    }
    return guard(
        cannotWrite(step),
        () -> {
          String temporary = layout.temporary(step);
          String folder = CheckpointLayout.step(step);
          requireClaim();
          writeManifest(step, manifest);
          for (String name : files.list(temporary)) {
            if (CheckpointLayout.isPart(name, owner())) {
              files.delete(temporary + "/" + name);
            }
          }
          files.forceDirectory(temporary);
          if (files.canRename()) {
            files.rename(temporary, folder);
            files.forceDirectory("");
          }
          requireClaim();
          putMarker(step, CheckpointLayout.marker(manifest));
          // Whoever has been taken over has no business with the other checkpoints any more.
          requireClaim();
          return checkpoint;
        });
  }

  private void writeManifest(long step, byte[] manifest) throws IOException {
    String name = layout.temporary(step) + "/" + CheckpointLayout.MANIFEST;
    if (files.canRename()) {
      PartWriter.writeFile(files, name, manifest);
      return;
    }
    try {
      files.put(name, manifest);
    } catch (FileAlreadyExistsException e) {
      if (isCommitted(CheckpointLayout.step(step))) {
        throw committedMeanwhile(step, e);
      }
      // Somebody who has been taken over has put it after #prepare.
      requireClaim();
      files.delete(name);
      files.put(name, manifest);
    }
  }

  private void putMarker(long step, byte[] marker) throws IOException {
    try {
      files.put(marker(CheckpointLayout.step(step)), marker);
    } catch (FileAlreadyExistsException e) {
      throw committedMeanwhile(step, e);
    }
  }

  private CheckpointException committedMeanwhile(long step, IOException refusal) {
    return CheckpointException.usage(
        "another process has committed the checkpoint %s meanwhile; do two train the same run?"
            .formatted(place(step)),
        refusal);
  }

  /// Removes what a failed attempt to write a checkpoint has left, as far as that can be done now;
  /// a checkpoint that is there stays, and so does what somebody who has taken over may be writing.
  public void abandon(long step) {
    for (String folder : layout.unfinished(step)) {
      try {
        requireClaim();
        if (files.isDirectory(folder) && !isCommitted(folder) && isAllOwn(folder)) {
          remove(folder);
        }
      } catch (IOException | CheckpointException e) {
        // It is no checkpoint; the next start removes it.
        System.getLogger("jaxon.checkpoint").log(System.Logger.Level.DEBUG, "leaving " + folder, e);
      }
    }
  }

  /// Takes a damaged checkpoint out of the way, for somebody to look at.
  ///
  /// @return its new place
  public Place setAside(long step) {
    return guard(
        "cannot set aside the damaged checkpoint " + place(step),
        () -> {
          requireClaim();
          String to = step + CheckpointLayout.DAMAGED;
          for (int number = 2; files.isDirectory(to); number++) {
            to = step + CheckpointLayout.DAMAGED + "-" + number;
          }
          String folder = CheckpointLayout.step(step);
          if (files.canRename()) {
            files.rename(folder, to);
          } else {
            files.copyDirectory(folder, to, CheckpointLayout.MARKER);
            remove(folder);
          }
          files.forceDirectory("");
          return place().resolve(to);
        });
  }

  /// Removes a checkpoint, its marker first: one that is half removed is none.
  public void delete(long step) {
    guard(
        "cannot remove the checkpoint " + place(step),
        () -> {
          requireClaim();
          remove(CheckpointLayout.step(step));
          files.forceDirectory("");
          return true;
        });
  }

  private static String marker(String folder) {
    return folder + "/" + CheckpointLayout.MARKER;
  }

  private boolean isCommitted(String folder) throws IOException {
    return files.isFile(marker(folder));
  }

  private void remove(String folder) throws IOException {
    if (isCommitted(folder)) {
      files.delete(marker(folder));
      files.forceDirectory(folder);
    }
    files.deleteDirectory(folder);
  }

  private byte[] readAll(String file) throws IOException {
    try (StoredFile stored = files.open(file)) {
      long size = stored.size();
      if (size > MANIFEST_BYTES) {
        throw CheckpointException.damaged(
            "%s has %,d bytes, too many".formatted(place().resolve(file), size));
      }
      byte[] bytes = new byte[(int) size];
      stored.read(ByteBuffer.wrap(bytes), 0);
      return bytes;
    }
  }

  private String cannotWrite(long step) {
    return "cannot write the checkpoint %s%s"
        .formatted(
            place(step), place().local().isPresent() ? "; check free space and permissions" : "");
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> T guard(String message, Work<T> work) {
    return guard(message, CheckpointException::io, work);
  }

  private static <T> T guard(
      String message, BiFunction<String, IOException, CheckpointException> kind, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw kind.apply(message, e);
    }
  }
}
