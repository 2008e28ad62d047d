package jaxon.trainer;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.Region;
import jaxon.checkpoint.TensorBlock;
import jaxon.checkpoint.TensorReader;
import jaxon.checkpoint.files.LocalFiles;
import jaxon.config.Configuration;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;

/// Times what checkpoints of a model's training state cost, beside what memory and disk can do in
/// the same run: medians of some rounds.
public final class CheckpointBenchmark implements AutoCloseable {
  private static final int PIECE = 4 << 20;

  /// Large enough to miss every cache.
  private static final long COPIED = 256L << 20;

  private final StateTensors tensors;
  private final CheckpointStore store;
  private final Path plain;
  private final HostBlock from = HostBlock.allocate(COPIED);
  private final HostBlock to = HostBlock.allocate(COPIED);
  private final List<HostBlock> memory = new ArrayList<>();
  private final List<TensorBlock> blocks = new ArrayList<>();
  private final SequencedMap<String, List<Double>> seconds = new LinkedHashMap<>();
  private final SequencedMap<String, List<Double>> processorSeconds = new LinkedHashMap<>();
  private final long bytes;

  private static void fill(MemorySegment data) {
    // Not zeros: some disks and file systems do not write them, and memory that was never written
    // is one page.
    for (long at = 0; at + Integer.BYTES <= data.byteSize(); at += Integer.BYTES) {
      data.set(HostMemory.INT, at, (int) (at * 0x9E3779B9L));
    }
  }

  /// @param directory a place on the disk in question; what is written there is removed
  public CheckpointBenchmark(Configuration config, Path directory) {
    tensors = StateTensors.of(TrainPrograms.trace(config));
    store = new CheckpointStore(directory.resolve("bench-checkpoints"));
    plain = directory.resolve("bench-plain");
    tensors
        .entries()
        .forEach((path, entry) -> {
          HostBlock block = HostBlock.allocate(Math.max(1, entry.type().bytes()));
          memory.add(block);
          MemorySegment data = HostMemory.segment(block.address(), entry.type().bytes());
          fill(data);
          blocks.add(
              new TensorBlock(
                  path, entry, Region.whole(entry.type().shape()), reader -> reader.accept(data)));
        });
    fill(HostMemory.segment(from.address(), COPIED));
    bytes = blocks.stream().mapToLong(TensorBlock::bytes).sum();
  }

  /// Measures and tells.
  public void run(int rounds, Consumer<String> out) {
    store.create();
    // Left by one that was killed.
    store.steps().forEach(store::delete);
    try (Snapshot first = new Snapshot()) {
      // The first round touches fresh pages.
      List<TensorBlock> copies = first.take(blocks);
      copyBounded();
      for (int round = 0; round < rounds; round++) {
        time("memory copy", this::copyBounded);
        time("blocking copy", () -> first.take(blocks));
        time("plain write by the page cache", () -> writePlain(copies));
        deletePlain();
        time("plain write past the page cache", this::writeDirect);
        deletePlain();
        // What is written past the cache is not in it, and is after it was read. How fast it is
        // then
        // depends on who has read it: the same for both.
        time("checkpoint write", () -> writeCheckpoint(copies));
        time("read, cold", this::readCheckpoint);
        store.delete(0);
        time("checkpoint write", () -> writeCheckpoint(copies));
        time("plain read, cold", this::readPlain);
        time("plain read, cached", this::readPlain);
        time("read, cached", this::readCheckpoint);
        store.delete(0);
      }
    }
    double copy = median("memory copy") / COPIED * bytes;
    out.accept(String.format(Locale.ROOT, "state of %,d bytes, %d tensors", bytes, blocks.size()));
    line(out, "blocking copy", copy, "memory copy, 2 threads");
    for (String plain :
        List.of("plain write by the page cache", "plain write past the page cache")) {
      line(out, "checkpoint write", median(plain), plain);
    }
    out.accept(
        String.format(
            Locale.ROOT,
            "checkpoint write takes %.1f ms of processor time, a plain write %.1f ms by the page cache and %.1f ms past it",
            processorMillis("checkpoint write"),
            processorMillis("plain write by the page cache"),
            processorMillis("plain write past the page cache")));
    line(out, "read, cold", median("plain read, cold"), "plain read, cold");
    line(out, "read, cached", median("plain read, cached"), "plain read, cached");
  }

  private void line(Consumer<String> out, String what, double bound, String boundName) {
    double time = median(what);
    out.accept(
        String.format(
            Locale.ROOT,
            "%-16s %8.1f ms %6.2f GB/s   %-31s %8.1f ms %6.2f GB/s   %4.2f of its time, %3.0f %% of its rate",
            what,
            time * 1e3,
            bytes / time / 1e9,
            boundName,
            bound * 1e3,
            bytes / bound / 1e9,
            time / bound,
            100 * bound / time));
  }

  private double median(String what) {
    return median(Objects.requireNonNull(seconds.get(what)));
  }

  private double processorMillis(String what) {
    return 1e3 * median(Objects.requireNonNull(processorSeconds.get(what)));
  }

  /// The median of at least one value.
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private interface Work {
    void run() throws IOException;
  }

  private void time(String what, Work work) {
    long start = System.nanoTime();
    long processorStart = processorNanos();
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot measure '" + what + "' at " + plain, e);
    }
    add(seconds, what, System.nanoTime() - start);
    add(processorSeconds, what, processorNanos() - processorStart);
  }

  private static void add(SequencedMap<String, List<Double>> to, String what, long nanos) {
    to.computeIfAbsent(what, _ -> new ArrayList<>()).add(nanos / 1e9);
  }

  /// Processor time of all threads of this process so far; 0 where the JVM does not tell.
  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /// Copies a block, half of it on each of two threads.
  private void copyBounded() {
    long half = COPIED / 2;
    LongStream.range(0, 2)
        .parallel()
        .forEach(part ->
            HostMemory.copy(from.address() + part * half, to.address() + part * half, half));
  }

  private void writeCheckpoint(List<TensorBlock> copies) {
    store.prepare(0);
    Checkpoint part = store.writePart(0, 0, 1, copies);
    store.commit(0, Checkpoint.Facts.of("benchmark", 0), tensors.paths(), List.of(part));
  }

  private void writePlain(List<TensorBlock> copies) throws IOException {
    try (FileChannel channel =
        FileChannel.open(plain, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (TensorBlock block : copies) {
        block.data().read(data -> pieces(data, piece -> writeFully(channel, piece)));
      }
      channel.force(true);
    }
  }

  /// Writes as many bytes past the page cache, if that can be done here, from memory that suits the
  /// disk.
  private void writeDirect() throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.CREATE_NEW);
    options.add(StandardOpenOption.WRITE);
    LocalFiles.DIRECT.ifPresent(options::add);
    try (FileChannel channel = FileChannel.open(plain, options)) {
      long left = Math.ceilDiv(bytes, PIECE);
      for (long at = 0; left > 0; at = (at + PIECE) % COPIED) {
        writeFully(channel, HostMemory.segment(from.address() + at, PIECE).asByteBuffer());
        left--;
      }
      channel.force(true);
    }
  }

  /// Reads as many bytes of the checkpoint's data file from its beginning, with one thread and in
  /// order.
  private void readPlain() throws IOException {
    Path file = store.place().path().resolve("0").resolve(store.read(0).files().getFirst().name());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (TensorBlock block : blocks) {
        block.data().read(data -> pieces(data, piece -> readFully(channel, piece)));
      }
    }
  }

  private void readCheckpoint() {
    try (TensorReader reader = store.open(store.read(0))) {
      // Several at a time, as a run does.
      blocks.parallelStream().forEach(block -> readBlock(reader, block));
    }
  }

  private static void readBlock(TensorReader reader, TensorBlock block) {
    long[] extent = block.tensor().type().shape().toArray();
    block.data().read(data -> reader.read(block.path(), new long[extent.length], extent, data));
  }

  private static void pieces(MemorySegment data, Consumer<ByteBuffer> use) {
    for (long at = 0; at < data.byteSize(); at += PIECE) {
      use.accept(data.asSlice(at, Math.min(PIECE, data.byteSize() - at)).asByteBuffer());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer piece) {
    try {
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer piece) {
    try {
      int count;
      do {
        count = channel.read(piece);
      } while (count > 0 && piece.hasRemaining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deletePlain() {
    try {
      Files.deleteIfExists(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    memory.forEach(HostBlock::close);
    from.close();
    to.close();
    deletePlain();
    try {
      Files.deleteIfExists(store.place().path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
