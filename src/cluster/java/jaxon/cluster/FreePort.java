package jaxon.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Finds a TCP port that nobody uses, for somebody who will listen on it a moment later.
///
/// It lies below those that systems give to outgoing connections (32768 and up on Linux, 49152 on
/// others), so that none of these takes it in between.
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  private FreePort() {}

  /// A port that is free now.
  ///
  /// @throws ClusterException if there is none
  public static int at(InetAddress address) {
    // Two launchers that start together should not begin at the same port.
    int start = Math.floorMod(ProcessHandle.current().pid() * 7919 + System.nanoTime(), COUNT);
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + (start + i) % COUNT;
      try {
        check(address, port);
        return port;
      } catch (IOException e) {
        // Somebody has it: the next one.
      }
    }
    throw new ClusterException(
        "no TCP port from %d to %d is free at %s"
            .formatted(FIRST, FIRST + COUNT - 1, address.getHostAddress()));
  }

  /// Takes the port and gives it back at once, without listening: nobody can connect in between.
  ///
  /// @throws IOException if it is in use or the address is none of this host's
  static void check(InetAddress address, int port) throws IOException {
    try (Socket probe = new Socket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
    }
  }
}
