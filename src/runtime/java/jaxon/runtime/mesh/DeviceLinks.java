package jaxon.runtime.mesh;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import jaxon.collective.Communicator;
import jaxon.collective.aeron.AeronSettings;
import jaxon.collective.aeron.AeronTransport;
import jaxon.collective.algorithm.CostModel;
import jaxon.collective.algorithm.PeerCommunicator;
import jaxon.collective.memory.LocalWorld;
import jaxon.sharding.Mesh;

/// How the devices of this process reach all devices of the mesh.
///
/// @param communicators for the id of a device its communicator with all, by id; asked once for
///   each, on the device's thread, and may wait for the others
/// @param release frees what the communicators share, after they are closed
public record DeviceLinks(
    LocalDevices local, IntFunction<Communicator> communicators, Runnable release) {
  /// All devices are in this process and share its memory.
  public static DeviceLinks inProcess(Mesh mesh, Duration deadline) {
    LocalWorld world = new LocalWorld(mesh.devices(), deadline);
    return new DeviceLinks(LocalDevices.all(mesh), world::communicator, world::close);
  }

  /// Devices in several processes, each a rank of its own.
  ///
  /// @param endpoints where each device listens, by id
  /// @param epoch a number that no other run on the same addresses has
  /// @param timeout how long to wait for the others
  /// @param deadline how long a collective may take
  public static DeviceLinks overAeron(
      LocalDevices local,
      AeronSettings settings,
      List<String> endpoints,
      long epoch,
      Duration timeout,
      Duration deadline) {
    return new DeviceLinks(
        local,
        device ->
            PeerCommunicator.world(
                AeronTransport.connect(settings, device, endpoints, epoch, timeout),
                epoch,
                deadline,
                CostModel.DEFAULT),
        () -> {});
  }
}
