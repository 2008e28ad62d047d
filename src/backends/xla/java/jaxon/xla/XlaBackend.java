package jaxon.xla;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jaxon.graph.Graph;
import jaxon.graph.text.StableHloPrinter;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;

/// XLA on the CPU: it gets the graph as StableHLO text.
public final class XlaBackend implements Backend {
  /// The value of `hardware:` that chooses this engine.
  public static final String NAME = "xla";

  static final Device DEVICE = new Device(NAME, 0);

  /// Numbers the functions of the process, whose runtime all backends share.
  private static final AtomicInteger FUNCTIONS = new AtomicInteger();

  private final TensorFlow tf = TensorFlow.get();
  private final AtomicLong live = new AtomicLong();

  /// Loads the native library; throws [jaxon.runtime.BackendUnavailableException] saying what to do
  /// when it is not there.
  public XlaBackend() {}

  /// Sets the number of threads before the first program of the process is compiled; afterwards it
  /// is fixed, and another number is an [IllegalStateException].
  @Override
  public void setThreads(int threads) {
    EagerContext.setThreads(threads);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  /// XLA compiles, and reports what it refuses, at the first execution.
  @Override
  public Executable compile(Graph graph, CompileOptions options) {
    Graph lowered = CompilePipeline.keepingBarriers(_ -> false).run(graph, options);
    String text = StableHloPrinter.printWithLocations(lowered);
    return compile(graph.name(), text, graph.type(), options.donated());
  }

  /// An executable of a StableHLO module whose `@main` has this type.
  Executable compile(String program, String text, FunctionType type, SortedSet<Integer> donated) {
    EagerContext context = EagerContext.get();
    String name = "jaxon_" + FUNCTIONS.getAndIncrement();
    try (FunctionBuilder builder = new FunctionBuilder(tf)) {
      MemorySegment function = builder.build(name, text, type);
      context.add(function);
      builder.delete(function);
    }
    return new XlaExecutable(program, name, type, donated, context, live);
  }

  @Override
  public Buffer put(Literal value, Device device) {
    if (!device.equals(DEVICE)) {
      throw new IllegalArgumentException("xla has the device " + DEVICE + ", asked: " + device);
    }
    return new XlaBuffer(value.type(), tf, live, tf.upload(value));
  }

  /// Buffers that are not closed, for leak checks.
  public long liveBuffers() {
    return live.get();
  }

  /// The runtime stays: other backends of the process may use it.
  @Override
  public void close() {}
}
