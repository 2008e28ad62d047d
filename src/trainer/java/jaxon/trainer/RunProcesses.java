package jaxon.trainer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jaxon.cluster.ClusterSettings;
import jaxon.cluster.ClusterUsageException;
import jaxon.cluster.HostPort;
import jaxon.cluster.Rendezvous;
import jaxon.collective.aeron.AeronDriver;
import jaxon.collective.aeron.AeronSettings;
import jaxon.collective.aeron.FreeEndpoints;
import jaxon.config.AgreedSettings;
import jaxon.config.ClusterConfig;
import jaxon.config.CollectiveTransport;
import jaxon.config.ConfigException;
import jaxon.config.Configuration;
import jaxon.input.source.InputException;
import jaxon.runtime.BackendUnavailableException;
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

  /// What a process that is not stuck moves to or from its disk in a second, at the least.
  private static final long SLOWEST_DISK_BYTES = 100_000_000;

  private final Rendezvous rendezvous;
  private final Optional<AeronDriver> driver;
  private final DeviceLinks links;
  private final int devicesEach;
  private final Duration timeout;

  private RunProcesses(
      Rendezvous rendezvous, Optional<AeronDriver> driver, DeviceLinks links, Duration timeout) {
    this.timeout = timeout;
    this.rendezvous = rendezvous;
    this.driver = driver;
    this.links = links;
    this.devicesEach = links.local().count();
  }

  /// Meets the others and exchanges addresses; the links are made when devices ask for them.
  static RunProcesses meet(Configuration config, RunMesh mesh, ProcessGuard guard) {
    guard.phase("waits for the other processes to come");
    Rendezvous rendezvous = Rendezvous.join(settings(config));
    try {
      rendezvous.onLoss(guard::lost);
      guard.phase("connects to the other processes");
      return connect(config, mesh, rendezvous);
    } catch (RuntimeException | Error e) {
      fail(rendezvous, e);
      throw e;
    }
  }

  private static ClusterSettings settings(Configuration config) {
    ClusterConfig cluster = config.cluster();
    return new ClusterSettings(
        HostPort.parse(cluster.coordinator()),
        cluster.processId(),
        cluster.numProcesses(),
        cluster.networkInterface(),
        config.run().runName(),
        AgreedSettings.of(config),
        timeout(cluster));
  }

  private static Duration timeout(ClusterConfig cluster) {
    return Duration.ofSeconds(cluster.rendezvousTimeoutSeconds());
  }

  private static RunProcesses connect(Configuration config, RunMesh mesh, Rendezvous rendezvous) {
    boolean isOneHost = rendezvous.hosts().stream().distinct().count() == 1;
    boolean overIpc = overIpc(config.cluster().collectiveTransport(), isOneHost, rendezvous);
    DriverDirectory.removeAbandoned();
    String own = DriverDirectory.ofThisProcess().path().toString();
    String leaders = rendezvous.exchange("driver", own).getFirst();
    boolean isLeader = rendezvous.processId() == 0;
    int mtu = isOneHost ? AeronSettings.LARGEST_MTU : NETWORK_MTU;
    AeronSettings settings =
        overIpc ? AeronSettings.ipc(Path.of(leaders)) : AeronSettings.udp(Path.of(own), mtu);
    Optional<AeronDriver> driver =
        overIpc && !isLeader ? Optional.empty() : Optional.of(AeronDriver.launch(settings));
    try {
      DeviceLinks links = links(config.cluster(), mesh, rendezvous, settings);
      return new RunProcesses(rendezvous, driver, links, timeout(config.cluster()));
    } catch (RuntimeException | Error e) {
      driver.ifPresent(AeronDriver::close);
      throw e;
    }
  }

  private static DeviceLinks links(
      ClusterConfig cluster, RunMesh mesh, Rendezvous rendezvous, AeronSettings settings) {
    int each = mesh.localDevices();
    String address = rendezvous.hosts().get(rendezvous.processId());
    String own = String.join(" ", FreeEndpoints.at(address, each));
    List<String> endpoints =
        rendezvous.exchange("endpoints", own).stream()
            .flatMap(line -> Stream.of(line.split(" ")))
            .toList();
    long epoch = Long.parseLong(rendezvous.exchange("epoch", "" + newEpoch()).getFirst());
    return DeviceLinks.overAeron(
        new LocalDevices(mesh.mesh(), rendezvous.processId() * each, each),
        settings,
        endpoints,
        epoch,
        timeout(cluster),
        Duration.ofSeconds(cluster.collectiveTimeoutSeconds()));
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

  /// What each process says, by number, once it has moved as much as `bytes` to or from a disk.
  ///
  /// One that died is noticed at once; the deadline, `rendezvous_timeout_seconds` and as long as a
  /// slow disk takes, is for one that lives and does not come.
  List<String> all(String key, String own, long bytes) {
    return rendezvous.exchange(key, own, timeout.plusSeconds(bytes / SLOWEST_DISK_BYTES));
  }

  /// From now on collectives end when a process is gone.
  void watch(MeshBackend backend) {
    rendezvous.onLoss(lost -> backend.lost(lost.processId() * devicesEach, lost.describe()));
  }

  /// Tells the others why this process ends.
  void fail(Throwable cause) {
    fail(rendezvous, cause);
  }

  private static void fail(Rendezvous rendezvous, Throwable cause) {
    rendezvous.fail(String.valueOf(cause.getMessage()), isUsage(cause));
  }

  /// Whether the user has asked for something wrong, here or on all processes.
  private static boolean isUsage(Throwable cause) {
    return switch (cause) {
      case TrainingException e -> e.isUsage();
      case BackendUnavailableException _,
          ClusterUsageException _,
          ConfigException _,
          InputException _ ->
          true;
      default -> false;
    };
  }

  @Override
  public void close() {
    driver.ifPresent(AeronDriver::close);
    rendezvous.close();
    // Processes that were killed could not remove theirs.
    DriverDirectory.removeAbandoned();
  }
}
