package jaxon.sharding.simulate;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Sharding;

/// Cuts host tensors into the blocks of devices, and joins them.
public final class Blocks {
  private Blocks() {}

  /// The block of each device.
  public static List<Literal> cut(Literal global, PartitionSpec spec, Mesh mesh) {
    Sharding sharding = new Sharding(mesh, spec);
    Shape shape = global.type().shape();
    Shape local = sharding.localShape(shape);
    Object from = global.toStorage();
    List<Literal> blocks = new ArrayList<>();
    for (int device = 0; device < mesh.devices(); device++) {
      TensorType type = global.type().withShape(local);
      Object to = Literal.newStorage(type.dtype(), Math.toIntExact(local.elements()));
      long[] offsets = longs(sharding.offsets(device, shape));
      copy(from, shape, offsets, to, local, false);
      blocks.add(Literal.wrap(type, to));
    }
    return blocks;
  }

  /// The tensor whose blocks the devices have.
  ///
  /// Throws [IllegalStateException] if devices that should have the same block do not.
  public static Literal join(List<Literal> blocks, PartitionSpec spec, Mesh mesh, Shape shape) {
    Sharding sharding = new Sharding(mesh, spec);
    TensorType type = blocks.getFirst().type().withShape(shape);
    Object all = Literal.newStorage(type.dtype(), Math.toIntExact(shape.elements()));
    for (int device = 0; device < mesh.devices(); device++) {
      Literal block = blocks.get(device);
      long[] offsets = longs(sharding.offsets(device, shape));
      copy(all, shape, offsets, block.toStorage(), block.type().shape(), true);
    }
    Literal joined = Literal.wrap(type, all);
    List<Literal> again = cut(joined, spec, mesh);
    for (int device = 0; device < mesh.devices(); device++) {
      Literal block = blocks.get(device);
      Literal stored = Literal.wrap(block.type(), block.toStorage());
      if (!again.get(device).equals(stored)) {
        throw new IllegalStateException(
            "device %d of %s has another block of %s than its replica"
                .formatted(device, mesh, spec));
      }
    }
    return joined;
  }

  /// Copies rows between the block of `whole` at `offsets` and `block`.
  private static void copy(
      Object whole, Shape shape, long[] offsets, Object block, Shape local, boolean back) {
    long[] strides = shape.strides();
    long[] localStrides = local.strides();
    for (int i = 0; i < local.elements(); i++) {
      long at = 0;
      for (int dim = 0; dim < local.rank(); dim++) {
        at += (offsets[dim] + i / localStrides[dim] % local.dim(dim)) * strides[dim];
      }
      if (back) {
        Array.set(whole, (int) at, Array.get(block, i));
      } else {
        Array.set(block, i, Array.get(whole, (int) at));
      }
    }
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
