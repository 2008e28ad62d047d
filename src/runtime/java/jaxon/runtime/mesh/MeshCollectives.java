package jaxon.runtime.mesh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jaxon.collective.Communicator;
import jaxon.graph.op.AxisGroup;
import jaxon.runtime.DeviceCollectives;
import jaxon.sharding.Mesh;

/// The groups of one device, split off the communicator of all when a program first needs them.
final class MeshCollectives implements DeviceCollectives {
  private final Mesh mesh;
  private final int device;
  private final Communicator world;
  private final boolean overlap;
  private final Map<AxisGroup, Communicator> groups = new LinkedHashMap<>();

  /// @param world the devices of the mesh, by id
  MeshCollectives(Mesh mesh, int device, Communicator world, boolean overlap) {
    this.overlap = overlap;
    this.mesh = mesh;
    this.device = device;
    this.world = world;
  }

  @Override
  public synchronized Communicator communicator(AxisGroup group) {
    return groups.computeIfAbsent(group, asked -> world.split(members(asked)));
  }

  @Override
  public int place(AxisGroup group) {
    return mesh.place(device, group.axes());
  }

  @Override
  public boolean overlap() {
    return overlap;
  }

  private List<Integer> members(AxisGroup group) {
    return mesh.groups(group).stream()
        .filter(devices -> devices.contains(device))
        .findFirst()
        .orElseThrow();
  }
}
