package jaxon.runtime.mesh;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Blocks;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;

/// The devices of a mesh that are in this process: a block of ids.
///
/// @param first id of the first
/// @param count number of them, at least 1
public record LocalDevices(Mesh mesh, int first, int count) {
  public LocalDevices {
    if (first < 0 || count < 1 || first + count > mesh.devices()) {
      throw new IllegalArgumentException(
          "devices %d to below %d are not all in the mesh %s of %d"
              .formatted(first, first + count, mesh, mesh.devices()));
    }
  }

  /// All devices of a mesh.
  public static LocalDevices all(Mesh mesh) {
    return new LocalDevices(mesh, 0, mesh.devices());
  }

  /// The parts of a tensor that these devices have, by place.
  List<Literal> cut(Literal whole, PartitionSpec spec) {
    List<Literal> parts = new ArrayList<>();
    for (int place = 0; place < count; place++) {
      parts.add(Blocks.cut(whole, spec, mesh, first + place));
    }
    return parts;
  }

  /// The tensor whose parts these devices have.
  Literal join(List<Literal> parts, PartitionSpec spec, TensorType type) {
    return Blocks.join(parts, spec, mesh, first, type);
  }
}
