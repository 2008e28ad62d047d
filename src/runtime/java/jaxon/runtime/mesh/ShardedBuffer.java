package jaxon.runtime.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.BufferBlock;
import jaxon.runtime.Device;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Sharding;

/// A tensor that is cut over a mesh: the parts that devices of this process have.
public final class ShardedBuffer implements Buffer {
  private final TensorType type;
  private final PartitionSpec spec;
  private final LocalDevices devices;
  private final List<Buffer> parts;

  /// @param parts by place of the device in this process
  ShardedBuffer(TensorType type, PartitionSpec spec, LocalDevices devices, List<Buffer> parts) {
    this.type = type;
    this.spec = spec;
    this.devices = devices;
    this.parts = List.copyOf(parts);
  }

  /// The type of the whole tensor.
  @Override
  public TensorType type() {
    return type;
  }

  /// How the tensor is cut.
  public PartitionSpec spec() {
    return spec;
  }

  /// The parts, by place of the device in this process.
  public List<Buffer> parts() {
    return parts;
  }

  /// The first of this process's devices.
  @Override
  public Device device() {
    return parts.getFirst().device();
  }

  /// The whole tensor.
  ///
  /// @throws IllegalStateException if some of it lies in other processes
  @Override
  public Literal toLiteral() {
    if (spec.isReplicated()) {
      return parts.getFirst().toLiteral();
    }
    List<Literal> blocks = new ArrayList<>();
    parts.forEach(part -> blocks.add(part.toLiteral()));
    return devices.join(blocks, spec, type);
  }

  /// The blocks whose turn it is here: of the devices with the same block, in the order of their
  /// ids, one keeps it.
  @Override
  public List<BufferBlock> blocks(int turn) {
    Sharding sharding = new Sharding(devices.mesh(), spec);
    List<BufferBlock> blocks = new ArrayList<>();
    for (int place = 0; place < devices.count(); place++) {
      int device = devices.first() + place;
      List<Integer> replicas = replicas(device);
      if (replicas.get(turn % replicas.size()) == device) {
        blocks.add(new BufferBlock(sharding.offsets(device, type.shape()), parts.get(place)));
      }
    }
    return blocks;
  }

  private List<Integer> replicas(int device) {
    int own = devices.mesh().place(device, spec.axes());
    return IntStream.range(0, devices.mesh().devices())
        .filter(other -> devices.mesh().place(other, spec.axes()) == own)
        .boxed()
        .toList();
  }

  @Override
  public boolean isClosed() {
    return parts.getFirst().isClosed();
  }

  @Override
  public void close() {
    parts.forEach(Buffer::close);
  }
}
