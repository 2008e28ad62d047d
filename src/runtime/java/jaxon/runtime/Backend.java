package jaxon.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostMemory;

/// An engine that runs graphs on its devices.
public interface Backend extends AutoCloseable {
  /// The name that `hardware:` chooses it by.
  String name();

  /// The devices, at least one.
  List<Device> devices();

  /// Sets how many threads the kernels of programs compiled from now on use, at least 1; without
  /// it, one per core. Programs that are compiled already may keep theirs.
  ///
  /// A backend whose kernels run on the calling thread alone has nothing to set.
  void setThreads(int threads);

  /// Compiles `graph` for the first device; throws [CompileException] naming the equation it cannot
  /// do.
  Executable compile(Graph graph, CompileOptions options);

  /// Copies a host tensor to a device; the caller owns the buffer.
  Buffer put(Literal value, Device device);

  /// Copies a host tensor to where `program` wants its input `position`; the caller owns the
  /// buffer.
  default Buffer put(Literal value, Executable program, int position) {
    return put(value, devices().getFirst());
  }

  /// A buffer of `type` on a device, filled by `fill`, which gets its memory on the host, dense and
  /// row-major; the caller owns the buffer.
  default Buffer put(TensorType type, Device device, Consumer<MemorySegment> fill) {
    Object storage = Literal.newStorage(type.dtype(), Math.toIntExact(type.shape().elements()));
    fill.accept(HostMemory.segment(storage));
    return put(Literal.wrap(type, storage), device);
  }

  /// Reads a tensor of `type` to where `program` wants its input `position`: only the blocks that
  /// this process has; the caller owns the buffer.
  default Buffer put(TensorType type, BlockSource source, Executable program, int position) {
    List<Long> start = Collections.nCopies(type.shape().rank(), 0L);
    return put(type, devices().getFirst(), memory -> source.read(start, type.shape(), memory));
  }

  /// The most bytes that buffers, programs and kernels ever held at once, for a backend that counts
  /// them; the Java heap and code are not among them.
  default OptionalLong peakBytes() {
    return OptionalLong.empty();
  }

  /// Releases what the backend holds; buffers and executables must be closed before.
  @Override
  void close();
}
