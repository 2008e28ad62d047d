package jaxon.runtime.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Executable;
import jaxon.runtime.MemoryUse;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.partition.PartitionedGraph;

/// A program of the whole mesh: the same executable on each device of this process.
public final class MeshExecutable implements Executable {
  private final FunctionType type;
  private final PartitionedGraph program;
  private final LocalDevices local;
  private final List<Executable> parts;
  private final SortedSet<Integer> donated;
  private final DeviceThreads threads;

  MeshExecutable(
      FunctionType type,
      PartitionedGraph program,
      LocalDevices local,
      List<Executable> parts,
      SortedSet<Integer> donated,
      DeviceThreads threads) {
    this.type = type;
    this.program = program;
    this.local = local;
    this.parts = List.copyOf(parts);
    this.donated = donated;
    this.threads = threads;
  }

  @Override
  public FunctionType type() {
    return type;
  }

  /// What each device runs.
  public PartitionedGraph program() {
    return program;
  }

  /// How input `position` is cut.
  PartitionSpec inputSpec(int position) {
    return program.inputs().get(position);
  }

  /// What all devices of this process need together.
  @Override
  public MemoryUse memory() {
    return parts.stream().map(Executable::memory).reduce(MemoryUse::plus).orElseThrow();
  }

  @Override
  public List<Buffer> execute(List<Buffer> inputs) {
    check(inputs);
    List<List<Buffer>> results =
        threads.run(place -> parts.get(place).execute(part(inputs, place)));
    donated.forEach(position -> inputs.get(position).close());
    List<Buffer> whole = new ArrayList<>();
    for (int i = 0; i < type.outputs().size(); i++) {
      int output = i;
      List<Buffer> pieces = results.stream().map(buffers -> buffers.get(output)).toList();
      whole.add(new ShardedBuffer(type.outputs().get(i), program.outputs().get(i), local, pieces));
    }
    return whole;
  }

  private static List<Buffer> part(List<Buffer> inputs, int place) {
    return inputs.stream().map(input -> ((ShardedBuffer) input).parts().get(place)).toList();
  }

  private void check(List<Buffer> inputs) {
    if (inputs.size() != type.inputs().size()) {
      throw new IllegalArgumentException(
          "the program takes " + type.inputs().size() + " inputs, got " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      TensorType asked = type.inputs().get(i);
      if (!(inputs.get(i) instanceof ShardedBuffer found)
          || !found.type().equals(asked)
          || !found.spec().equals(inputSpec(i))) {
        throw new IllegalArgumentException(
            "input %d must be a %s cut %s, got %s"
                .formatted(i, asked, inputSpec(i), described(inputs.get(i))));
      }
    }
  }

  private static String described(Buffer buffer) {
    return buffer instanceof ShardedBuffer sharded
        ? sharded.type() + " cut " + sharded.spec()
        : "a buffer of one device, " + buffer.type();
  }

  @Override
  public void close() {
    parts.forEach(Executable::close);
  }
}
