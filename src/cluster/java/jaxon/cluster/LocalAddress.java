package jaxon.cluster;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the one address that this process listens on.
final class LocalAddress {
  private LocalAddress() {}

  /// The IPv4 address that `networkInterface` means: an address or name of this host, or the name
  /// of an interface such as `eth0`.
  ///
  /// @throws ClusterUsageException if this host has no such address, or it stands for all of them
  static InetAddress of(String networkInterface) {
    Optional<InetAddress> named = ofInterface(networkInterface);
    if (named.isPresent()) {
      return named.get();
    }
    InetAddress address = lookUp("network_interface", networkInterface);
    if (address.isAnyLocalAddress()) {
      throw new ClusterUsageException(
          """
          network_interface: %s stands for every network of this host, and whoever reaches the ports of a run controls it
            Name one address. This host has %s.\
          """
              .formatted(networkInterface, available()));
    }
    if (!isLocal(address)) {
      throw new ClusterUsageException(
          """
          network_interface: %s is no address of this host
            This host has %s.\
          """
              .formatted(networkInterface, available()));
    }
    return address;
  }

  /// The IPv4 address of a host.
  ///
  /// @throws ClusterUsageException if there is none
  static InetAddress lookUp(String key, String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .orElseThrow(() ->
              new ClusterUsageException(
                  "%s: %s has no IPv4 address, and Jaxon needs one".formatted(key, host)));
    } catch (UnknownHostException e) {
      throw new ClusterUsageException(
          "%s: there is no host or interface '%s'. This host has %s."
              .formatted(key, host, available()),
          e);
    }
  }

  static boolean isLocal(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private static Optional<InetAddress> ofInterface(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      return found == null ? Optional.empty() : addresses(found).stream().findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static List<InetAddress> addresses(NetworkInterface network) {
    return network.inetAddresses().filter(Inet4Address.class::isInstance).toList();
  }

  /// `127.0.0.1 (lo), 10.0.0.7 (eth0)`.
  private static String available() {
    try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
      return all.flatMap(network ->
              addresses(network).stream()
                  .map(address -> address.getHostAddress() + " (" + network.getName() + ")"))
          .collect(Collectors.joining(", "));
    } catch (SocketException e) {
      return "addresses that could not be listed: " + e.getMessage();
    }
  }
}
