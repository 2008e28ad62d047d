package jaxon.runtime.interpreter;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;

/// Runs graphs on one device, `interpreter:0`, whose buffers hold [Literal]s.
///
/// Composites are inlined: it has no kernels of its own. Safe for use by several threads.
final class InterpreterBackend implements Backend {
  static final String NAME = "interpreter";

  private static final Device DEVICE = new Device(NAME, 0);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  /// Nothing to set: graphs are interpreted on the calling thread.
  @Override
  public void setThreads(int threads) {}

  @Override
  public Executable compile(Graph graph, CompileOptions options) {
    Graph compiled = CompilePipeline.standard(_ -> false).run(graph, options);
    return new InterpreterExecutable(compiled, DEVICE, options.donated());
  }

  @Override
  public Buffer put(Literal value, Device device) {
    if (!device.equals(DEVICE)) {
      throw new IllegalArgumentException(
          "put: asked for device " + device + ", this backend has " + devices());
    }
    return new LiteralBuffer(value, device);
  }

  @Override
  public void close() {}
}
