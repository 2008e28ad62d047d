package jaxon.runtime.cpu.loop;

import java.util.List;
import java.util.SortedMap;
import jaxon.graph.Graph;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Layout;

/// A compiled `jaxon.loop`: generated code with the numbers of one loop.
///
/// A loop may be run by one thread at a time; running allocates nothing. Results depend neither on
/// the number of threads nor on where the operands lie.
public final class Loop {
  private static final long COMBINE_CHUNK = 4096;

  private final String name;
  private final String source;
  private final Lowered lowered;
  private final GeneratedLoop code;
  private final Readiness ready;
  private final int workers;
  private final long[] args;
  private final int[] scratchIndices;
  private final long[] scratchOffsets;
  private final WorkerPool.Task rowTask = this::runTask;
  private final WorkerPool.Task columnTask = (index, _) -> combineColumns(index);
  private long threadScratch;

  Loop(String name, String source, Lowered lowered, LoopClasses.Entry loaded, int workers) {
    this.name = name;
    this.source = source;
    this.lowered = lowered;
    this.code = loaded.code();
    this.ready = loaded.ready();
    this.workers = workers;
    this.args = lowered.params().template();
    this.scratchIndices = lowered.params().scratchIndices();
    this.scratchOffsets = new long[scratchIndices.length];
    for (int i = 0; i < scratchIndices.length; i++) {
      scratchOffsets[i] = args[scratchIndices[i]];
    }
  }

  /// The loop of a composite's region on inputs that lie as `inputs` says.
  ///
  /// Throws [UnsupportedLoopException] when code generation has no form for the region.
  public static Loop compile(
      LoopCompiler compiler,
      Graph region,
      SortedMap<String, String> attributes,
      List<Layout> inputs) {
    return compiler.compile(region, attributes, inputs);
  }

  /// Bytes of scratch memory that [#run] needs, at an address that is a multiple of 64.
  public long scratchBytes() {
    return lowered.params().scratchBytes() + workers * lowered.threadBytes();
  }

  /// Computes the outputs, dense row-major tensors, from the inputs; all are given by address.
  ///
  /// An output may lie exactly where an input lies if [#mayShare] says so, and not overlap one
  /// otherwise.
  public void run(long[] inputs, long[] outputs, long scratch, WorkerPool pool) {
    if (pool.threads() > workers) {
      throw new IllegalArgumentException(
          "a loop compiled for " + workers + " threads was run by " + pool.threads());
    }
    ready.await();
    System.arraycopy(inputs, 0, args, 0, lowered.inputs());
    System.arraycopy(outputs, 0, args, lowered.inputs(), lowered.outputs().size());
    for (int i = 0; i < scratchIndices.length; i++) {
      args[scratchIndices[i]] = scratch + scratchOffsets[i];
    }
    threadScratch = scratch + lowered.params().scratchBytes();
    pool.run(lowered.tasks().count(), rowTask);
    if (lowered.columnCount() > 0) {
      pool.run(Math.toIntExact(Math.ceilDiv(lowered.columnCount(), COMBINE_CHUNK)), columnTask);
    }
    Totals.combine(lowered, args);
  }

  private void runTask(int index, int worker) {
    Tasks tasks = lowered.tasks();
    long rowTask = index / tasks.chunks();
    long from = index % tasks.chunks() * tasks.chunk();
    long first = lowered.rows() * rowTask / tasks.rows();
    long last = lowered.rows() * (rowTask + 1) / tasks.rows();
    long to = Math.min(from + tasks.chunk(), lowered.width());
    code.run(args, first, last, from, to, index, threadScratch + worker * lowered.threadBytes());
  }

  private void combineColumns(int index) {
    long from = index * COMBINE_CHUNK;
    code.columns(args, from, Math.min(from + COMBINE_CHUNK, lowered.columnCount()));
  }

  /// Whether output `output` may be written over input `input`, if that is dense and row-major.
  public boolean mayShare(int output, int input) {
    return lowered.sharing().contains(new Sharing.Pair(output, input));
  }

  /// Arithmetic ops of one run, one per op and element.
  public long flops() {
    return lowered.flops();
  }

  /// Bytes that one run reads and writes at least.
  public long bytes() {
    return lowered.bytes();
  }

  /// The Java source of the code.
  public String source() {
    return source;
  }

  /// Whether the code is the same object, compiled once for both.
  boolean sharesCodeWith(Loop other) {
    return code.equals(other.code);
  }

  /// The name of the code's class; loops with equal code share it.
  public String name() {
    return name;
  }
}
