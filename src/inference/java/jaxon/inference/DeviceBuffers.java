package jaxon.inference;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.Executable;

/// A list of device buffers with one owner, who closes it.
record DeviceBuffers(List<Buffer> list) implements AutoCloseable {
  DeviceBuffers {
    list = List.copyOf(list);
  }

  static DeviceBuffers none() {
    return new DeviceBuffers(List.of());
  }

  /// Copies host tensors to where a program wants its inputs from position `from` on: all of them,
  /// or none if one fails.
  static DeviceBuffers put(Backend backend, Executable program, int from, List<Literal> values) {
    List<Buffer> done = new ArrayList<>();
    try {
      values.forEach(value -> done.add(backend.put(value, program, from + done.size())));
    } catch (RuntimeException | Error e) {
      done.forEach(Buffer::close);
      throw e;
    }
    return new DeviceBuffers(done);
  }

  /// Runs a program on these buffers, followed by others; the caller owns the results.
  DeviceBuffers execute(Executable program, DeviceBuffers... others) {
    List<Buffer> inputs = new ArrayList<>(list);
    for (DeviceBuffers other : others) {
      inputs.addAll(other.list);
    }
    return new DeviceBuffers(program.execute(inputs));
  }

  /// Buffers `from` to below `to`, still owned here.
  DeviceBuffers part(int from, int to) {
    return new DeviceBuffers(list.subList(from, to));
  }

  @Override
  public void close() {
    list.forEach(Buffer::close);
  }
}
