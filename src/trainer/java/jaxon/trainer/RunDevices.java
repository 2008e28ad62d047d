package jaxon.trainer;

import java.util.List;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.runtime.Backend;
import jaxon.runtime.mesh.MeshBackend;

/// The devices of a run as one of its processes has them, and what the processes agree upon.
///
/// A run of one process is its own leader and agrees with itself.
final class RunDevices implements AutoCloseable {
  private final Backend backend;
  private final RunMesh mesh;
  private final Optional<RunProcesses> processes;
  private final ProcessGuard guard;

  private RunDevices(
      Backend backend, RunMesh mesh, Optional<RunProcesses> processes, ProcessGuard guard) {
    this.backend = backend;
    this.mesh = mesh;
    this.processes = processes;
    this.guard = guard;
  }

  /// Opens the devices of this process and connects them with those of the others.
  static RunDevices open(Configuration config, ProcessGuard guard) {
    RunMesh mesh = RunMesh.of(config);
    if (!config.cluster().isDistributed()) {
      return of(mesh.open(config), mesh);
    }
    RunProcesses processes = RunProcesses.meet(config, mesh, guard);
    try {
      Backend backend = mesh.open(config, processes.links());
      processes.watch((MeshBackend) backend);
      RunDevices devices = new RunDevices(backend, mesh, Optional.of(processes), guard);
      guard.records(() -> FlightRecords.written(devices, config));
      return devices;
    } catch (RuntimeException | Error e) {
      processes.fail(e);
      processes.close();
      throw e;
    }
  }

  /// A run of one process on a backend that is open.
  static RunDevices of(Backend backend, RunMesh mesh) {
    return new RunDevices(backend, mesh, Optional.empty(), ProcessGuard.none());
  }

  Backend backend() {
    return backend;
  }

  RunMesh mesh() {
    return mesh;
  }

  /// Whether this process reports and writes for all.
  boolean isLeader() {
    return processes.map(RunProcesses::isLeader).orElse(true);
  }

  /// The leader's text; all processes must ask at the same point.
  String leaders(String key, String own) {
    return processes.map(all -> all.leaders(key, own)).orElse(own);
  }

  /// What each process says, by number, once it has moved as much as `bytes` to or from a disk; all
  /// processes must ask at the same point, with the same number of bytes.
  List<String> all(String key, String own, long bytes) {
    return processes.map(all -> all.all(key, own, bytes)).orElse(List.of(own));
  }

  /// Waits for all processes to come to the same point, for as long as a meeting may take: they
  /// compile at different speeds, which the deadline of a collective is not meant for.
  void meet(String point) {
    leaders(point, "");
  }

  /// Whether any process says yes; all processes must ask at the same point.
  boolean any(boolean here) {
    return backend instanceof MeshBackend devices ? devices.any(here) : here;
  }

  /// What this process does from now on, to follow "while it": said if it must end meanwhile
  /// because another one is gone.
  void doing(String phase) {
    guard.phase(phase);
  }

  /// This process ends with this error, once all is closed.
  void ending(Throwable error) {
    guard.failing(error);
  }

  /// Tells the other processes why this one ends.
  void fail(Throwable cause) {
    ending(cause);
    processes.ifPresent(all -> all.fail(cause));
  }

  /// The last collectives of this process, if there are others.
  Optional<String> flightRecords() {
    return processes.isPresent() && backend instanceof MeshBackend devices
        ? Optional.of(devices.flightRecords())
        : Optional.empty();
  }

  @Override
  public void close() {
    try {
      backend.close();
    } finally {
      processes.ifPresent(RunProcesses::close);
    }
  }
}
