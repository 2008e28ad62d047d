package jaxon.sharding;

import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Cuts host tensors into the blocks of devices, and joins them.
public final class Blocks {
  private Blocks() {}

  /// The block of one device.
  public static Literal cut(Literal whole, PartitionSpec spec, Mesh mesh, int device) {
    if (spec.isReplicated()) {
      return whole;
    }
    Sharding sharding = new Sharding(mesh, spec);
    Shape shape = whole.type().shape();
    TensorType type = whole.type().withShape(sharding.localShape(shape));
    Object block = Literal.newStorage(type.dtype(), Math.toIntExact(type.shape().elements()));
    Object from = whole.toStorage();
    rows(
        sharding.offsets(device, shape),
        shape,
        type.shape(),
        (at, place, count) -> System.arraycopy(from, at, block, place, count));
    return Literal.wrap(type, block);
  }

  /// The blocks of all devices, by id.
  public static List<Literal> cut(Literal whole, PartitionSpec spec, Mesh mesh) {
    return IntStream.range(0, mesh.devices())
        .mapToObj(device -> cut(whole, spec, mesh, device))
        .toList();
  }

  /// The tensor of `type` whose blocks the devices from `first` on have.
  ///
  /// @throws IllegalStateException if devices that should have the same block do not, or other
  ///   devices are needed
  public static Literal join(
      List<Literal> blocks, PartitionSpec spec, Mesh mesh, int first, TensorType type) {
    Sharding sharding = new Sharding(mesh, spec);
    Shape shape = type.shape();
    Object whole = Literal.newStorage(type.dtype(), Math.toIntExact(shape.elements()));
    long distinct =
        IntStream.range(first, first + blocks.size())
            .map(device -> mesh.place(device, spec.axes()))
            .distinct()
            .count();
    if (distinct < mesh.size(spec.axes())) {
      throw new IllegalStateException(
          "%s cut %s lies in %d blocks, of which this process has %d"
              .formatted(type, spec, mesh.size(spec.axes()), distinct));
    }
    for (int i = 0; i < blocks.size(); i++) {
      Object block = blocks.get(i).toStorage();
      rows(
          sharding.offsets(first + i, shape),
          shape,
          blocks.get(i).type().shape(),
          (at, place, count) -> System.arraycopy(block, place, whole, at, count));
    }
    Literal joined = Literal.wrap(type, whole);
    for (int i = 0; i < blocks.size(); i++) {
      Literal block = blocks.get(i);
      Literal stored = Literal.wrap(block.type(), block.toStorage());
      if (!cut(joined, spec, mesh, first + i).equals(stored)) {
        throw new IllegalStateException(
            "device %d of %s has another block of %s than its replica"
                .formatted(first + i, mesh, spec));
      }
    }
    return joined;
  }

  /// Elements that lie one after the other in a block and in its tensor.
  private interface Row {
    void take(int at, int place, int count);
  }

  private static void rows(List<Long> offsets, Shape whole, Shape block, Row row) {
    int rank = block.rank();
    int width = rank == 0 ? 1 : Math.toIntExact(block.dim(rank - 1));
    long[] strides = whole.strides();
    long[] own = block.strides();
    for (long place = 0; place < block.elements(); place += width) {
      long at = 0;
      for (int dim = 0; dim < rank; dim++) {
        at += (offsets.get(dim) + place / own[dim] % block.dim(dim)) * strides[dim];
      }
      row.take(Math.toIntExact(at), Math.toIntExact(place), width);
    }
  }
}
