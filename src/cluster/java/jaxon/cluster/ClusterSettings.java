package jaxon.cluster;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one process is told about the run it belongs to.
///
/// @param coordinator where process 0 listens
/// @param processId which process this is, counted from 0
/// @param processes how many there are
/// @param networkInterface the address or name of the network interface to use, and no other
/// @param job name of the run; processes of different runs refuse each other
/// @param agreed what must be the same for all processes, by key: the configuration without what
///   may differ between processes. Processes compare a digest, and the values where that differs
/// @param timeout how long to wait for the other processes, in [Rendezvous#join] and after it
public record ClusterSettings(
    HostPort coordinator,
    int processId,
    int processes,
    String networkInterface,
    String job,
    SortedMap<String, String> agreed,
    Duration timeout) {

  public ClusterSettings {
    agreed = Collections.unmodifiableSortedMap(new TreeMap<>(agreed));
    if (processes < 1) {
      throw new ClusterUsageException(
          "num_processes is %d; there must be at least 1".formatted(processes));
    }
    if (processId < 0 || processId >= processes) {
      throw new ClusterUsageException(
          "process_id is %d, but with num_processes=%d processes are numbered 0 to %d"
              .formatted(processId, processes, processes - 1));
    }
    if (!timeout.isPositive()) {
      throw new ClusterUsageException("the timeout is " + timeout + "; it must be above 0");
    }
  }

  boolean isCoordinator() {
    return processId == 0;
  }

  String digest() {
    return Agreement.digest(agreed);
  }
}
