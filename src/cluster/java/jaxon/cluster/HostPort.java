package jaxon.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address as the user writes it: `HOST:PORT`, HOST being a name or an IPv4 address.
public record HostPort(String host, int port) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,253}):([0-9]{1,5})");
  private static final int LARGEST_PORT = 65_535;

  public HostPort {
    if (port < 1 || port > LARGEST_PORT) {
      throw new ClusterUsageException(
          "coordinator: port %d is out of range; ports are 1 to %d".formatted(port, LARGEST_PORT));
    }
  }

  /// Whether `text` has the form, without looking the host up.
  public static boolean isValid(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int port = Integer.parseInt(matcher.group(2));
    return port >= 1 && port <= LARGEST_PORT;
  }

  /// Reads `HOST:PORT`.
  ///
  /// @throws ClusterUsageException if `text` is something else
  public static HostPort parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new ClusterUsageException(
          "coordinator: found '%s', which is no address; write HOST:PORT, for example 10.0.0.1:29500"
              .formatted(text));
    }
    return new HostPort(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
