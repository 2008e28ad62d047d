package jaxon.collective.aeron;

import java.util.List;

/// Addresses: which channel and stream leads from which rank to which.
///
/// @param endpoints `host:port` of each rank, all different; for IPC only their number matters
record AeronChannels(AeronSettings settings, List<String> endpoints) {
  private static final int FIRST_STREAM = 1000;
  private static final int CONTROL_TERM = 64 * 1024;
  private static final int CONTROL_MTU = 1408;

  /// Where a rank listens.
  String arrivals(int rank) {
    return switch (settings.medium()) {
      case IPC -> "aeron:ipc";
      case UDP -> "aeron:udp?endpoint=" + endpoints.get(rank);
    };
  }

  /// Where frames for a rank go.
  String data(int rank) {
    int term = settings.termLength(endpoints.size() - 1);
    return channel(rank, term, settings.mtu());
  }

  /// Where control messages for a rank go.
  String control(int rank) {
    return channel(rank, CONTROL_TERM, CONTROL_MTU);
  }

  private String channel(int rank, int term, int mtu) {
    String options = "term-length=%d|mtu=%d".formatted(term, mtu);
    return switch (settings.medium()) {
      case IPC -> "aeron:ipc?" + options;
      case UDP -> arrivals(rank) + "|" + options;
    };
  }

  /// Streams differ by sender and receiver: over IPC all ranks share one channel.
  int dataStream(int from, int to) {
    return FIRST_STREAM + 2 * (from * endpoints.size() + to);
  }

  int controlStream(int from, int to) {
    return dataStream(from, to) + 1;
  }
}
