package jaxon.collective.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Addresses for ranks to listen at.
public final class FreeEndpoints {
  private FreeEndpoints() {}

  /// `count` different `host:port` of this host at which nothing listens now.
  ///
  /// @throws UncheckedIOException if the address is not this host's, or has no free port
  public static List<String> at(String host, int count) {
    List<DatagramSocket> sockets = new ArrayList<>();
    try {
      List<String> endpoints = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(host));
        sockets.add(socket);
        endpoints.add(host + ":" + socket.getLocalPort());
      }
      return endpoints;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port at " + host, e);
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }
}
