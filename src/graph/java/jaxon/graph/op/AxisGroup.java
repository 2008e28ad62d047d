package jaxon.graph.op;

import java.util.LinkedHashSet;
import java.util.List;

/// The devices that a collective works among: all that differ only in their places on `axes`.
///
/// A device's place in its group is row-major over the axes in the order listed, so `(fsdp,
/// tensor)` and `(tensor, fsdp)` are the same devices in different order.
///
/// @param axes mesh axes, slowest-varying first
/// @param size number of devices of a group: the product of the axes' sizes
public record AxisGroup(List<String> axes, int size) {
  public AxisGroup {
    axes = List.copyOf(axes);
    if (new LinkedHashSet<>(axes).size() != axes.size()) {
      throw new IllegalArgumentException("a group names each mesh axis once, got " + axes);
    }
    if (size < 1) {
      throw new IllegalArgumentException("a group has at least one device, got " + size);
    }
  }

  @Override
  public String toString() {
    return "(" + String.join(", ", axes) + ")";
  }
}
