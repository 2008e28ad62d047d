package jaxon.collective;

import java.util.EnumMap;
import java.util.Map;

/// How many messages and bytes of payload a rank has sent to other ranks, by kind of collective.
///
/// A message is one transfer to one peer, into however many packets it was cut; headers and
/// retransmissions are not counted. Over shared memory, what a rank reads of others' memory and
/// writes into it counts as if it had been sent.
public final class TransferCounts {
  private record Sent(long messages, long bytes) {
    static final Sent NOTHING = new Sent(0, 0);
  }

  private final Map<CollectiveKind, Sent> sent = new EnumMap<>(CollectiveKind.class);

  /// Counts messages with `payload` bytes in all.
  public synchronized void sent(CollectiveKind kind, int messages, long payload) {
    sent.merge(
        kind,
        new Sent(messages, payload),
        (a, b) -> new Sent(a.messages + b.messages, a.bytes + b.bytes));
  }

  /// Messages sent for collectives of a kind.
  public synchronized long messages(CollectiveKind kind) {
    return sent.getOrDefault(kind, Sent.NOTHING).messages;
  }

  /// Bytes of payload sent for collectives of a kind.
  public synchronized long bytes(CollectiveKind kind) {
    return sent.getOrDefault(kind, Sent.NOTHING).bytes;
  }

  /// Sets all to 0.
  public synchronized void reset() {
    sent.clear();
  }
}
