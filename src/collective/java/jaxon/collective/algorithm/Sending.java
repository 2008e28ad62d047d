package jaxon.collective.algorithm;

import java.util.function.LongSupplier;
import jaxon.collective.CallHeader;

/// Sends stretches of memory to a peer.
final class Sending implements Work {
  /// Bytes at a time: what is received beside does not wait for long, and all is still in the cache
  /// when it is looked at.
  private static final int BURST = 128 * 1024;

  private final Exchange exchange;
  private final int peer;
  private final CallHeader header;
  private final Spans spans;
  private final LongSupplier available;

  /// @param available how many bytes from the beginning on are there to be sent by now
  Sending(Exchange exchange, int peer, CallHeader header, Spans spans, LongSupplier available) {
    this.exchange = exchange;
    this.peer = peer;
    this.header = header;
    this.spans = spans;
    this.available = available;
  }

  @Override
  public boolean progress() {
    boolean any = false;
    for (int sent = 0; sent < BURST && !spans.isDone(); ) {
      int length = spans.next(exchange.maxPayload(), exchange.piece());
      if (spans.passed() + length > available.getAsLong()
          || !exchange.offer(peer, header, spans.address(), length)) {
        return any;
      }
      spans.advance(length);
      sent += Math.max(1, length);
      any = true;
    }
    return any;
  }

  @Override
  public boolean isDone() {
    return spans.isDone();
  }

  @Override
  public int peer() {
    return peer;
  }
}
