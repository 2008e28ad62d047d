package jaxon.xla;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileException;
import jaxon.runtime.Executable;
import jaxon.runtime.ExecutionCheck;
import jaxon.runtime.MemoryUse;

/// A program that the runtime knows as a function; XLA compiles it at the first execution.
///
/// XLA writes results to fresh memory, so a donated input is released only after the execution.
final class XlaExecutable implements Executable {
  private final String program;
  private final String function;
  private final FunctionType type;
  private final SortedSet<Integer> donated;
  private final EagerContext context;
  private final AtomicLong live;
  private boolean compiled;
  private boolean closed;

  /// @param program name of the graph, for messages
  /// @param function name by which the runtime knows it
  XlaExecutable(
      String program,
      String function,
      FunctionType type,
      SortedSet<Integer> donated,
      EagerContext context,
      AtomicLong live) {
    this.program = program;
    this.function = function;
    this.type = type;
    this.donated = donated;
    this.context = context;
    this.live = live;
  }

  @Override
  public FunctionType type() {
    return type;
  }

  /// Arguments and results; XLA does not tell its temporaries.
  @Override
  public MemoryUse memory() {
    long results = type.outputs().stream().mapToLong(TensorType::bytes).sum();
    return MemoryUse.of(type, results, 0, 0, 0);
  }

  /// Throws [CompileException] with XLA's diagnostics when the first execution fails.
  @Override
  public synchronized List<Buffer> execute(List<Buffer> inputs) {
    if (closed) {
      throw new IllegalStateException("executable '" + program + "' is closed");
    }
    ExecutionCheck.inputs(type.inputs(), XlaBackend.DEVICE, donated, inputs);
    List<MemorySegment> handles =
        inputs.stream().map(input -> ((XlaBuffer) input).handle()).toList();
    List<MemorySegment> results = context.run(function, handles, type.outputs().size(), failure());
    compiled = true;
    List<Buffer> outputs = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.add(new XlaBuffer(type.outputs().get(i), context.tensorFlow(), live, results.get(i)));
    }
    donated.forEach(position -> inputs.get(position).close());
    return outputs;
  }

  private Function<String, RuntimeException> failure() {
    return compiled
        ? message -> new IllegalStateException("xla: program '" + program + "': " + message)
        : message -> new CompileException("xla", "program '" + program + "': " + message);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      context.remove(function);
    }
  }
}
