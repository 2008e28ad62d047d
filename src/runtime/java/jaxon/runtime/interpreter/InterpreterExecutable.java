package jaxon.runtime.interpreter;

import java.util.List;
import java.util.SortedSet;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.ExecutionCheck;
import jaxon.runtime.MemoryUse;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Storage;

/// A graph after the pipeline, evaluated anew on every execution.
final class InterpreterExecutable implements Executable {
  private final Graph graph;
  private final Device device;
  private final SortedSet<Integer> donated;
  private volatile boolean closed;

  InterpreterExecutable(Graph graph, Device device, SortedSet<Integer> donated) {
    this.graph = graph;
    this.device = device;
    this.donated = donated;
  }

  @Override
  public FunctionType type() {
    return graph.type();
  }

  /// An estimate: what a program of dense tensors would need; the interpreter's own are wider, and
  /// the garbage collector decides how long they stay.
  @Override
  public MemoryUse memory() {
    MemoryPlan plan = MemoryPlan.of(graph, donated);
    return MemoryUse.of(graph.type(), freshBytes(plan), plan.arenaBytes(), 0, 0);
  }

  private long freshBytes(MemoryPlan plan) {
    long bytes = 0;
    for (int i = 0; i < graph.outputs().size(); i++) {
      Var output = graph.outputs().get(i);
      boolean isFresh = plan.mustCopyOutput(i) || plan.storage(output) instanceof Storage.Output;
      bytes += isFresh ? output.type().bytes() : 0;
    }
    return bytes;
  }

  @Override
  public List<Buffer> execute(List<Buffer> inputs) {
    if (closed) {
      throw new IllegalStateException("executable of " + graph + " is closed");
    }
    ExecutionCheck.inputs(graph.inputTypes(), device, donated, inputs);
    List<Literal> results = Interpreter.run(graph, inputs.stream().map(Buffer::toLiteral).toList());
    donated.forEach(position -> inputs.get(position).close());
    return results.stream().<Buffer>map(result -> new LiteralBuffer(result, device)).toList();
  }

  @Override
  public void close() {
    closed = true;
  }
}
