package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.MemoryUse;

/// The interpreter's backend, which knows what is still open and fails when told to.
final class OpenThings implements Backend {
  private final Backend backend = Backends.open("interpreter");
  private final List<Tracked> buffers = new ArrayList<>();
  private final int failAt;
  private int operations;
  private int openExecutables;
  private int mostBuffers;

  /// @param failAt the operation (compile, put, execute, copy to the host) that fails, from 1; 0
  ///   for none
  OpenThings(int failAt) {
    this.failAt = failAt;
  }

  /// Buffers that were made and neither closed nor donated.
  long openBuffers() {
    return buffers.stream().filter(buffer -> !buffer.isClosed()).count();
  }

  int openExecutables() {
    return openExecutables;
  }

  /// The most buffers that were open at once after an operation.
  int mostBuffers() {
    return mostBuffers;
  }

  /// Operations so far.
  int operations() {
    return operations;
  }

  /// What an operation fails with.
  static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Injected(String what) {
      super(what);
    }
  }

  private void count(String what) {
    if (++operations == failAt) {
      throw new Injected(what + " fails");
    }
  }

  private Buffer track(Buffer buffer) {
    Tracked tracked = new Tracked(buffer);
    buffers.removeIf(Buffer::isClosed);
    buffers.add(tracked);
    mostBuffers = Math.max(mostBuffers, buffers.size());
    return tracked;
  }

  @Override
  public void setThreads(int threads) {
    backend.setThreads(threads);
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public List<Device> devices() {
    return backend.devices();
  }

  @Override
  public Buffer put(Literal value, Device device) {
    count("put");
    return track(backend.put(value, device));
  }

  @Override
  public Executable compile(Graph graph, CompileOptions options) {
    count("compile");
    Executable executable = backend.compile(graph, options);
    openExecutables++;
    return new Executable() {
      private boolean closed;

      @Override
      public FunctionType type() {
        return executable.type();
      }

      @Override
      public MemoryUse memory() {
        return executable.memory();
      }

      @Override
      public List<Buffer> execute(List<Buffer> inputs) {
        count("execute");
        List<Buffer> plain = inputs.stream().map(input -> ((Tracked) input).buffer).toList();
        return executable.execute(plain).stream().map(OpenThings.this::track).toList();
      }

      @Override
      public void close() {
        openExecutables -= closed ? 0 : 1;
        closed = true;
        executable.close();
      }
    };
  }

  @Override
  public void close() {
    backend.close();
  }

  private final class Tracked implements Buffer {
    private final Buffer buffer;

    Tracked(Buffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public TensorType type() {
      return buffer.type();
    }

    @Override
    public Device device() {
      return buffer.device();
    }

    @Override
    public Literal toLiteral() {
      count("copy to the host");
      return buffer.toLiteral();
    }

    @Override
    public boolean isClosed() {
      return buffer.isClosed();
    }

    @Override
    public void close() {
      buffer.close();
    }
  }
}
