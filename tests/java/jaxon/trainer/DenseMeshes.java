package jaxon.trainer;

import java.util.List;
import java.util.stream.Stream;
import jaxon.sharding.Mesh;

/// Meshes of two to eight devices that a dense model trains on.
final class DenseMeshes {
  private DenseMeshes() {}

  /// Each axis alone, pairs of them, and a triple.
  static Stream<Mesh> all() {
    return Stream.of(
        Mesh.of("data", 2),
        Mesh.of("data", 4),
        Mesh.of("fsdp", 2),
        Mesh.of("fsdp", 4),
        Mesh.of("tensor", 2),
        Mesh.of("tensor", 4),
        Mesh.of("context", 2),
        Mesh.of("context", 4),
        Mesh.of("fsdp", 2, "tensor", 2),
        Mesh.of("data", 2, "fsdp", 2),
        Mesh.of("fsdp", 2, "context", 2),
        Mesh.of("context", 2, "tensor", 2),
        new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 2, 2)));
  }
}
