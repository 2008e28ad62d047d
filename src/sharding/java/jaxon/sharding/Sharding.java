package jaxon.sharding;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Shape;

/// A spec on a mesh: what each device holds of a tensor.
public record Sharding(Mesh mesh, PartitionSpec spec) {
  public Sharding {
    mesh.group(spec.axes());
  }

  /// True when the axes of dim `dim` cut `size` elements into equal blocks.
  public boolean divides(int dim, long size) {
    return size % mesh.size(spec.dims().get(dim)) == 0;
  }

  /// The shape of one device's block of a tensor of shape `global`.
  public Shape localShape(Shape global) {
    requireFits(global);
    List<Long> sizes = new ArrayList<>();
    for (int dim = 0; dim < global.rank(); dim++) {
      sizes.add(global.dim(dim) / mesh.size(spec.dims().get(dim)));
    }
    return Shape.of(sizes);
  }

  /// Where the block of `device` starts, per dim.
  public List<Long> offsets(int device, Shape global) {
    Shape local = localShape(global);
    List<Long> offsets = new ArrayList<>();
    for (int dim = 0; dim < global.rank(); dim++) {
      offsets.add(mesh.place(device, spec.dims().get(dim)) * local.dim(dim));
    }
    return offsets;
  }

  /// Throws if a tensor of this shape cannot be cut so, saying which dim does not divide.
  public void requireFits(Shape global) {
    if (global.rank() != spec.rank()) {
      throw new ShardingException(
          "spec " + spec + " names " + spec.rank() + " dims, the tensor is " + global);
    }
    for (int dim = 0; dim < global.rank(); dim++) {
      if (!divides(dim, global.dim(dim))) {
        throw new ShardingException(
            "dim %d of %s does not divide by the %d devices along %s; mesh %s"
                .formatted(
                    dim,
                    global,
                    mesh.size(spec.dims().get(dim)),
                    String.join("+", spec.dims().get(dim)),
                    mesh));
      }
    }
  }
}
