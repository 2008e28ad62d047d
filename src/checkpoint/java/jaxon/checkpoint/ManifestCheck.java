package jaxon.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import jaxon.checkpoint.parquet.ZstdPages;

/// Checks that a manifest makes sense by itself, so that reading by it is safe.
final class ManifestCheck {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private final Checkpoint checkpoint;
  private final String what;

  private ManifestCheck(Checkpoint checkpoint, String what) {
    this.checkpoint = checkpoint;
    this.what = what;
  }

  /// @throws CheckpointException if a chunk lies outside of its tensor or file, chunks do not make
  ///   up a tensor or overlap, or a file's name leads elsewhere
  static void check(Checkpoint checkpoint, String what) {
    ManifestCheck check = new ManifestCheck(checkpoint, what);
    for (DataFile file : checkpoint.files()) {
      check.require(PLAIN_NAME.matcher(file.name()).matches(), "the file name " + file.name());
      check.require(file.bytes() >= 0, "the size of " + file.name());
    }
    try {
      checkpoint.tensors().forEach(check::tensor);
    } catch (ArithmeticException e) {
      throw CheckpointException.damaged(what + " is damaged: a size overflows", e);
    }
  }

  private void tensor(String path, TensorEntry entry) {
    int width = entry.type().dtype().bytes();
    long elements = 0;
    for (Chunk chunk : entry.chunks()) {
      String name = path + " " + chunk.region();
      require(chunk.region().isWithin(entry.type().shape()), name);
      require(chunk.file() >= 0 && chunk.file() < checkpoint.files().size(), name);
      long bytes = Math.multiplyExact(chunk.region().elements(), width);
      long end = Math.addExact(chunk.offset(), chunk.storedBytes(width));
      // With room for the length before it and for a little more.
      require(ZstdPages.mostBytes(bytes) <= Integer.MAX_VALUE, name);
      DataFile file = checkpoint.files().get(chunk.file());
      require(chunk.isCompressed() == file.isCompressed(), name);
      require(chunk.compressed() >= 0 && chunk.compressed() <= ZstdPages.mostBytes(bytes), name);
      require(chunk.offset() >= 0 && end <= file.bytes(), name);
      elements += chunk.region().elements();
    }
    require(elements == entry.type().shape().elements(), path + " is not complete, or");
    // As many elements as the tensor has, none twice: then all of them.
    requireDisjoint(path, entry.chunks().stream().map(Chunk::region).toList());
  }

  /// Compares only regions that meet in the dim that is cut most often.
  private void requireDisjoint(String path, List<Region> regions) {
    if (regions.size() < 2) {
      return;
    }
    int dim = mostCutDim(regions);
    List<Region> sorted =
        regions.stream().sorted(Comparator.comparing(region -> region.start().get(dim))).toList();
    for (int i = 0; i < sorted.size(); i++) {
      Region region = sorted.get(i);
      for (int j = i + 1; j < sorted.size(); j++) {
        Region next = sorted.get(j);
        if (next.start().get(dim) >= region.end(dim)) {
          break;
        }
        require(
            region.intersection(next).isEmpty(),
            path + " " + region + " overlaps " + next + ", or");
      }
    }
  }

  private static int mostCutDim(List<Region> regions) {
    long most = 0;
    int best = 0;
    for (int dim = 0; dim < regions.getFirst().rank(); dim++) {
      int at = dim;
      long cuts = regions.stream().map(region -> region.start().get(at)).distinct().count();
      if (cuts > most) {
        most = cuts;
        best = dim;
      }
    }
    return best;
  }

  private void require(boolean holds, String subject) {
    if (!holds) {
      throw CheckpointException.damaged("%s is damaged: %s does not fit".formatted(what, subject));
    }
  }
}
