package jaxon.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// Starts the member of this process, in reach of the coordinator's.
final class Meeting {
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ClusterSettings settings;
  private final Deadline deadline;
  private final InetAddress own;
  private final InetAddress coordinator;

  Meeting(ClusterSettings settings, Deadline deadline) {
    this.settings = settings;
    this.deadline = deadline;
    this.own = LocalAddress.of(settings.networkInterface());
    this.coordinator = LocalAddress.lookUp("coordinator", settings.coordinator().host());
    if (settings.isCoordinator()) {
      checkOwn();
    } else if (coordinator.isLoopbackAddress() != own.isLoopbackAddress()) {
      throw new ClusterUsageException(
          """
          coordinator=%s cannot be reached from network_interface=%s: one is on this host alone, the other is not
            Set network_interface to this host's address on the network of the coordinator.\
          """
              .formatted(settings.coordinator(), settings.networkInterface()));
    }
  }

  private void checkOwn() {
    if (!coordinator.equals(own)) {
      throw new ClusterUsageException(
          """
          process 0 is the coordinator and listens at coordinator=%s, which is not network_interface=%s (%s)
            Run process 0 on the host of the coordinator, with network_interface=%s.\
          """
              .formatted(
                  settings.coordinator(),
                  settings.networkInterface(),
                  own.getHostAddress(),
                  settings.coordinator().host()));
    }
    try {
      FreePort.check(own, settings.coordinator().port());
    } catch (IOException e) {
      throw cannotListen(e);
    }
  }

  private ClusterUsageException cannotListen(Exception cause) {
    return new ClusterUsageException(
        """
        process 0 cannot listen at coordinator=%s: %s
          If another run uses the port, choose another one for this run.\
        """
            .formatted(settings.coordinator(), cause.getMessage()),
        cause);
  }

  /// Starts the member; one that is not the coordinator's joins it.
  HazelcastInstance start() {
    if (!settings.isCoordinator()) {
      awaitCoordinator();
    }
    HazelcastLog.install();
    int port = settings.isCoordinator() ? settings.coordinator().port() : 0;
    Config config = MemberConfig.of(settings, own, port, coordinator, deadline.left());
    HazelcastInstance member;
    try {
      member = Hazelcast.newHazelcastInstance(config);
    } catch (HazelcastException | IllegalStateException e) {
      throw settings.isCoordinator() ? cannotListen(e) : refused(e);
    }
    if (!settings.isCoordinator() && !hasCoordinator(member)) {
      member.getLifecycleService().terminate();
      throw refused(new IllegalStateException("no coordinator among the members"));
    }
    return member;
  }

  /// Hazelcast counts the oldest member first.
  private boolean hasCoordinator(HazelcastInstance member) {
    Member first = member.getCluster().getMembers().iterator().next();
    return !first.localMember();
  }

  private ClusterException refused(Exception cause) {
    return new ClusterException(
        """
        process %d could not join the coordinator at %s, which answers but does not let it in: %s
          Check that it is process 0 of this run that listens there, of the same version of Jaxon.\
        """
            .formatted(settings.processId(), settings.coordinator(), cause.getMessage()),
        cause);
  }

  /// Waits until somebody listens at the coordinator's address.
  private void awaitCoordinator() {
    IOException last = new IOException("no attempt was made");
    while (!deadline.isOver()) {
      try (Socket socket = new Socket()) {
        socket.bind(new InetSocketAddress(own, 0));
        int millis = Math.toIntExact(Math.max(1, deadline.left(PROBE).toMillis()));
        socket.connect(new InetSocketAddress(coordinator, settings.coordinator().port()), millis);
        return;
      } catch (IOException e) {
        last = e;
        pause();
      }
    }
    throw new ClusterUsageException(
        """
        could not reach the coordinator at %s within %d s: %s
          Check that process 0 runs on that host with the same coordinator=, and that no firewall is between.\
        """
            .formatted(settings.coordinator(), settings.timeout().toSeconds(), last.getMessage()),
        last);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the coordinator", e);
    }
  }
}
