package jaxon.runtime;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Literal;

/// A list of device buffers with one owner, who closes it.
public record Buffers(List<Buffer> list) implements AutoCloseable {
  public Buffers {
    list = List.copyOf(list);
  }

  /// No buffers.
  public static Buffers none() {
    return new Buffers(List.of());
  }

  /// Copies host tensors to where a program wants its inputs from position `from` on: all of them,
  /// or none if one fails.
  public static Buffers put(Backend backend, Executable program, int from, List<Literal> values) {
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
  public Buffers execute(Executable program, Buffers... others) {
    List<Buffer> inputs = new ArrayList<>(list);
    for (Buffers other : others) {
      inputs.addAll(other.list);
    }
    return new Buffers(program.execute(inputs));
  }

  /// Buffers `from` to below `to`, still owned here.
  public Buffers part(int from, int to) {
    return new Buffers(list.subList(from, to));
  }

  @Override
  public void close() {
    list.forEach(Buffer::close);
  }
}
