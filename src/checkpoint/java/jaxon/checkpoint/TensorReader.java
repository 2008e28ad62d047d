package jaxon.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.StoredFile;
import jaxon.checkpoint.parquet.ChunkDigest;
import jaxon.checkpoint.parquet.ZstdPages;
import jaxon.config.Place;
import jaxon.graph.type.TensorType;

/// The tensors of a checkpoint; reads only the chunks that a block needs, and believes nothing that
/// has not the digest it was written with.
public final class TensorReader implements TensorSource {
  /// Stands for threads that do not own an arena.
  private static final Thread ANY_THREAD = Thread.ofPlatform().unstarted(() -> {});

  /// What is read at a time: still in the core's cache when its digest is taken.
  private static final int PIECE = 1 << 19;

  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /// How often a file is open at most: there may be many of them.
  private static final int OPEN_TIMES = 4;

  private final Checkpoint checkpoint;
  private final Place folder;
  private final CheckpointFiles files;
  private final SequencedMap<String, TensorType> types = new LinkedHashMap<>();

  // Guarded by this.
  private final Map<Integer, List<StoredFile>> open = new TreeMap<>();

  // Guarded by this: in the order in which they came.
  private final List<Thread> readers = new ArrayList<>();

  TensorReader(Checkpoint checkpoint, Place folder, CheckpointFiles files) {
    this.checkpoint = checkpoint;
    this.folder = folder;
    this.files = files;
    checkpoint.tensors().forEach((path, entry) -> types.put(path, entry.type()));
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(types);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    TensorEntry entry = checkpoint.tensors().get(path);
    if (entry == null) {
      throw CheckpointException.usage("there is no tensor %s in %s".formatted(path, folder));
    }
    Region wanted = Region.of(start, extent);
    long bytes = wanted.elements() * entry.type().dtype().bytes();
    if (!wanted.isWithin(entry.type().shape()) || into.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "%s of %s %s into %,d bytes".formatted(wanted, path, entry.type(), into.byteSize()));
    }
    List<Chunk> chunks =
        entry.chunks().stream()
            .filter(chunk -> wanted.intersection(chunk.region()).isPresent())
            .toList();
    // One thread alone is slower than the disk, what with the digests. Each has a run of chunks
    // that follow each other: the system reads ahead of sequential reading.
    int runs = into.isAccessibleBy(ANY_THREAD) ? Math.min(THREADS, chunks.size()) : 1;
    ParallelWork.forEach(
        runs,
        run ->
            chunks
                .subList(chunks.size() * run / runs, chunks.size() * (run + 1) / runs)
                .forEach(chunk -> read(path, entry.type(), chunk, wanted, into)));
  }

  private void read(String path, TensorType type, Chunk chunk, Region wanted, MemorySegment into) {
    int width = type.dtype().bytes();
    Region region = chunk.region();
    Region common = wanted.intersection(region).orElseThrow();
    long bytes = region.elements() * width;
    if (!chunk.isCompressed()
        && into.isNative()
        && common.equals(region)
        && wanted.holdsInOnePiece(region)) {
      long at = wanted.indexOf(region.start()) * width;
      load(path, chunk, into.asSlice(at, bytes).asByteBuffer(), ChunkDigest.firstHalf());
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = load(path, chunk, width, arena, ChunkDigest.firstHalf());
      copyRows(elements, region, common, into, wanted, width);
    }
  }

  /// The elements of a chunk in memory of their own.
  private MemorySegment load(String path, Chunk chunk, int width, Arena arena, ChunkDigest digest) {
    MemorySegment stored = arena.allocate(chunk.storedBytes(width), Long.BYTES);
    load(path, chunk, stored.asByteBuffer(), digest);
    if (!chunk.isCompressed()) {
      return stored;
    }
    long bytes = chunk.region().elements() * width;
    int pageBytes = ZstdPages.pageBytes(bytes);
    MemorySegment page = arena.allocate(pageBytes, Long.BYTES);
    try {
      ZstdPages.decompress(stored.asByteBuffer(), page.asByteBuffer());
    } catch (IOException e) {
      throw CheckpointException.damaged(
          "the checkpoint %s is damaged: tensor %s %s cannot be decompressed: %s"
              .formatted(folder, path, chunk.region(), e.getMessage()),
          e);
    }
    return page.asSlice(pageBytes - bytes, bytes);
  }

  /// Copies what is common to two regions from the one's memory to the other's.
  private static void copyRows(
      MemorySegment from,
      Region fromRegion,
      Region common,
      MemorySegment to,
      Region toRegion,
      int width) {
    int rank = common.rank();
    long row = rank == 0 ? 1 : common.extent().get(rank - 1);
    long rows = common.elements() / row;
    List<Long> at = new ArrayList<>(common.start());
    for (long done = 0; done < rows; done++) {
      MemorySegment.copy(
          from, fromRegion.indexOf(at) * width, to, toRegion.indexOf(at) * width, row * width);
      for (int dim = rank - 2; dim >= 0; dim--) {
        long next = at.get(dim) + 1;
        if (next < common.start().get(dim) + common.extent().get(dim)) {
          at.set(dim, next);
          break;
        }
        at.set(dim, common.start().get(dim));
      }
    }
  }

  /// Reads the bytes of a chunk as they are in the file, and checks them.
  private void load(String path, Chunk chunk, ByteBuffer into, ChunkDigest digest) {
    try {
      StoredFile file = file(chunk.file());
      file.read(into, chunk.offset(), PIECE, digest::add);
    } catch (IOException e) {
      throw CheckpointException.reading(
          "cannot read tensor %s %s of the checkpoint %s".formatted(path, chunk.region(), folder),
          e);
    }
    String found = digest.text();
    if (!chunk.digest().startsWith(found)) {
      throw CheckpointException.damaged(
          "the checkpoint %s is damaged: tensor %s %s has the digest %s, it was written with %s"
              .formatted(folder, path, chunk.region(), found, chunk.digest()));
    }
  }

  /// A file of the checkpoint as this thread has it open: the system reads ahead for each opening
  /// by itself. Its size and frame are checked when the first opens it.
  private synchronized StoredFile file(int number) {
    List<StoredFile> known = open.computeIfAbsent(number, _ -> new ArrayList<>());
    if (!readers.contains(Thread.currentThread())) {
      readers.add(Thread.currentThread());
    }
    int turn = readers.indexOf(Thread.currentThread()) % OPEN_TIMES;
    if (turn < known.size()) {
      return known.get(turn);
    }
    DataFile file = checkpoint.files().get(number);
    try {
      StoredFile stored = files.open(CheckpointLayout.step(checkpoint.step()) + "/" + file.name());
      known.add(stored);
      if (known.size() == 1) {
        FrameCheck.check(checkpoint, number, stored, folder);
      }
      return stored;
    } catch (IOException e) {
      throw CheckpointException.reading(
          "cannot read %s of the checkpoint %s".formatted(file.name(), folder), e);
    }
  }

  /// Reads everything and tells what is wrong, one line each.
  List<String> verify() {
    List<String> problems = new ArrayList<>();
    for (int number = 0; number < checkpoint.files().size(); number++) {
      try {
        file(number);
      } catch (CheckpointException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    checkpoint
        .tensors()
        .forEach(
            (path, entry) -> entry.chunks().forEach(chunk -> verify(path, entry, chunk, problems)));
    return problems.stream().distinct().toList();
  }

  private void verify(String path, TensorEntry entry, Chunk chunk, List<String> problems) {
    int width = entry.type().dtype().bytes();
    ChunkDigest digest =
        chunk.isCompressed()
            ? ChunkDigest.ofCompressed()
            : ChunkDigest.ofValue(Math.toIntExact(chunk.storedBytes(width)));
    try (Arena arena = Arena.ofConfined()) {
      load(path, chunk, width, arena, digest);
    } catch (CheckpointException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized void close() {
    for (List<StoredFile> same : open.values()) {
      for (StoredFile file : same) {
        try {
          file.close();
        } catch (IOException e) {
          throw CheckpointException.io("cannot close a file of " + folder, e);
        }
      }
    }
    open.clear();
  }
}
