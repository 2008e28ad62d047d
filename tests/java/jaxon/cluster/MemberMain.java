package jaxon.cluster;

import java.time.Duration;
import java.util.TreeMap;
import jaxon.cluster.launch.LauncherWatch;

/// A process of a run that joins, tells what it hears and waits until it is killed.
final class MemberMain {
  private MemberMain() {}

  /// Arguments: the coordinator's port, the process's number, the number of processes.
  public static void main(String[] args) throws InterruptedException {
    LauncherWatch.startIfLaunched();
    ClusterSettings settings =
        new ClusterSettings(
            new HostPort("127.0.0.1", Integer.parseInt(args[0])),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            "127.0.0.1",
            "job",
            new TreeMap<>(),
            Duration.ofSeconds(30));
    Rendezvous rendezvous = Rendezvous.join(settings);
    rendezvous.onLoss(lost -> System.out.println("lost " + lost.describe()));
    System.out.println("joined");
    try {
      rendezvous.barrier("of " + args[1] + " alone");
    } catch (ClusterException e) {
      System.out.println("stopped " + e.getMessage());
    }
    Thread.currentThread().join();
  }
}
