package jaxon.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jaxon.cluster.Rendezvous;
import jaxon.collective.aeron.AeronDriver;
import jaxon.collective.aeron.AeronSettings;
import jaxon.config.ClusterConfig;
import jaxon.config.CollectiveTransport;
import jaxon.config.Configuration;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.LocalDevices;
import jaxon.runtime.mesh.MeshBackend;

/// The processes of a run, met and connected: over shared memory if all are on one host, over the
/// network otherwise.
///
/// Process 0 starts the media driver that all use over shared memory; over the network each process
/// has its own.
final class RunProcesses implements AutoCloseable {
  /// Fits every network; packets that stay on the host may be larger.
  private static final int NETWORK_MTU = 1408;

  private final Rendezvous rendezvous;
  private final Optional<AeronDriver> driver;
  private final DeviceLinks links;
  private final int devicesEach;

  private RunProcesses(Rendezvous rendezvous, Optional<AeronDriver> driver, DeviceLinks links) {
    this.rendezvous = rendezvous;
    this.driver = driver;
    this.links = links;
    this.devicesEach = links.local().count();
  }

  /// Meets the others and exchanges addresses; the links are made when devices ask for them.
  static RunProcesses meet(Configuration config, RunMesh mesh) {
    Rendezvous rendezvous = RunDevices.join(config);
    try {
      return connect(config, mesh, rendezvous);
    } catch (RuntimeException | Error e) {
      rendezvous.fail(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static RunProcesses connect(Configuration config, RunMesh mesh, Rendezvous rendezvous) {
    ClusterConfig cluster = config.cluster();
    int each = config.mesh().numVirtualDevices();
    LocalDevices local = new LocalDevices(mesh.mesh(), rendezvous.processId() * each, each);
    boolean isOneHost = rendezvous.hosts().stream().distinct().count() == 1;
    boolean overIpc = overIpc(cluster.collectiveTransport(), isOneHost, rendezvous);
    DriverDirectory.removeAbandoned();
    String own = DriverDirectory.ofThisProcess().path().toString();
    String leaders = rendezvous.exchange("driver", own).getFirst();
    boolean isLeader = rendezvous.processId() == 0;
    Path directory = Path.of(overIpc ? leaders : own);
    int mtu = isOneHost ? AeronSettings.LARGEST_MTU : NETWORK_MTU;
    AeronSettings settings =
        overIpc ? AeronSettings.ipc(directory) : AeronSettings.udp(directory, mtu);
    Optional<AeronDriver> driver =
        overIpc && !isLeader ? Optional.empty() : Optional.of(AeronDriver.launch(settings));
    String address = rendezvous.hosts().get(rendezvous.processId());
    List<String> endpoints =
        rendezvous.exchange("endpoints", String.join(" ", freeEndpoints(address, each))).stream()
            .flatMap(line -> Stream.of(line.split(" ")))
            .toList();
    long epoch = Long.parseLong(rendezvous.exchange("epoch", "" + newEpoch()).getFirst());
    DeviceLinks links =
        DeviceLinks.overAeron(
            local,
            settings,
            endpoints,
            epoch,
            Duration.ofSeconds(cluster.rendezvousTimeoutSeconds()),
            Duration.ofSeconds(cluster.collectiveTimeoutSeconds()));
    return new RunProcesses(rendezvous, driver, links);
  }

  /// A number that no other run on this host has.
  private static long newEpoch() {
    return (System.currentTimeMillis() << 20) | (ProcessHandle.current().pid() & 0xF_FFFF);
  }

  private static boolean overIpc(
      CollectiveTransport asked, boolean isOneHost, Rendezvous rendezvous) {
    if (asked == CollectiveTransport.IPC && !isOneHost) {
      throw TrainingException.usage(
          "collective_transport=ipc is shared memory of one host, but the processes are on %s; use udp or auto"
              .formatted(rendezvous.hosts().stream().distinct().collect(Collectors.joining(", "))));
    }
    return asked != CollectiveTransport.UDP && isOneHost;
  }

  /// Addresses where nothing listens now.
  private static List<String> freeEndpoints(String address, int count) {
    List<DatagramSocket> sockets = new ArrayList<>();
    try {
      List<String> endpoints = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address));
        sockets.add(socket);
        endpoints.add(address + ":" + socket.getLocalPort());
      }
      return endpoints;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port at " + address, e);
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }

  /// How the devices of this process reach the others.
  DeviceLinks links() {
    return links;
  }

  boolean isLeader() {
    return rendezvous.processId() == 0;
  }

  /// The leader's text.
  String leaders(String key, String own) {
    return rendezvous.exchange(key, own).getFirst();
  }

  /// From now on collectives end when a process is gone.
  void watch(MeshBackend backend) {
    rendezvous.onLoss(lost -> backend.lost(lost.processId() * devicesEach, lost.describe()));
  }

  /// Tells the others why this process ends.
  void fail(Throwable cause) {
    rendezvous.fail(String.valueOf(cause.getMessage()));
  }

  @Override
  public void close() {
    driver.ifPresent(AeronDriver::close);
    rendezvous.close();
    // Processes that were killed could not remove theirs.
    DriverDirectory.removeAbandoned();
  }
}
