package jaxon.runtime.interpreter;

import java.util.List;
import java.util.SortedSet;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.ExecutionCheck;

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
