package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.Executable;

/// A list of device buffers with one owner, who closes it.
record Buffers(List<Buffer> list) implements AutoCloseable {
  Buffers {
    list = List.copyOf(list);
  }

  /// Copies host tensors to where a program wants its inputs from position `from` on: all of them,
  /// or none if one fails.
  static Buffers put(Backend backend, Executable program, int from, List<Literal> values) {
    List<Buffer> done = new ArrayList<>();
    try {
      values.forEach(value -> done.add(backend.put(value, program, from + done.size())));
    } catch (RuntimeException | Error e) {
      done.forEach(Buffer::close);
      throw e;
    }
    return new Buffers(done);
  }

  /// Runs a program on these buffers, followed by others; the caller owns the results.
  Buffers execute(Executable program, Buffers others) {
    List<Buffer> inputs = new ArrayList<>(list);
    inputs.addAll(others.list);
    return new Buffers(program.execute(inputs));
  }

  /// Buffers `from` to below `to`, still owned here.
  Buffers part(int from, int to) {
    return new Buffers(list.subList(from, to));
  }

  @Override
  public void close() {
    list.forEach(Buffer::close);
  }
}
