package jaxon.collective.algorithm;

import java.util.function.LongSupplier;
import jaxon.collective.CallHeader;

/// Sends stretches of memory to a peer.
final class Sending implements Work {
  /// Frames at a time, so that what is received beside does not wait for long.
  private static final int FRAMES = Integer.getInteger("jx.frames", 8);

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
    for (int i = 0; i < FRAMES && !spans.isDone(); i++) {
      int length = spans.next(exchange.maxPayload(), exchange.piece());
      if (spans.passed() + length > available.getAsLong()
          || !exchange.offer(peer, header, spans.address(), length)) {
        return any;
      }
      spans.advance(length);
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
