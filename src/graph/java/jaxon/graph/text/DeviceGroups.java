package jaxon.graph.text;

import java.util.List;
import jaxon.graph.op.AxisGroup;

/// What the text form has to know of the mesh: which devices an [AxisGroup] means.
public interface DeviceGroups {
  /// All groups of the kind, each a list of device ids in the order of their places.
  List<List<Integer>> groups(AxisGroup group);

  /// How a device's place on one axis follows from its id: `id / stride % size`.
  AxisPlace place(String axis);

  /// A device's place on an axis, as arithmetic on its id.
  ///
  /// @param stride distance in ids between neighbours on the axis
  /// @param size number of devices along the axis
  record AxisPlace(int stride, int size) {}
}
