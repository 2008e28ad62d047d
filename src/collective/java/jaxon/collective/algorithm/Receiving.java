package jaxon.collective.algorithm;

import jaxon.collective.CallHeader;
import jaxon.collective.reduce.NativeMemory;

/// Receives what a peer sends into stretches of memory.
final class Receiving implements Work {
  private final Exchange exchange;
  private final int peer;
  private final CallHeader header;
  private final Spans spans;

  Receiving(Exchange exchange, int peer, CallHeader header, Spans spans) {
    this.exchange = exchange;
    this.peer = peer;
    this.header = header;
    this.spans = spans;
  }

  @Override
  public boolean progress() {
    return exchange.poll(peer, header, this::take);
  }

  private boolean take(long address, int length) {
    exchange.checkLength(peer, length, spans.next(Integer.MAX_VALUE, exchange.piece()));
    NativeMemory.copy(address, spans.address(), length);
    spans.advance(length);
    return !spans.isDone();
  }

  /// Bytes that have arrived.
  long received() {
    return spans.passed();
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
