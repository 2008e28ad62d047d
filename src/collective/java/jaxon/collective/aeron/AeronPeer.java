package jaxon.collective.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jaxon.collective.CollectiveException;
import jaxon.collective.algorithm.Frame;
import jaxon.collective.algorithm.Transport.FrameHandler;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/// The streams to and from one other rank.
final class AeronPeer {
  /// The most frames handed over at a time.
  private static final int FRAGMENTS = 16;

  /// About as many bytes as are handed over at a time: only then does the sender hear that they
  /// have been read, and it is to go on while more are.
  private static final int POLLED_BYTES = 128 * 1024;

  private static final int CONTROL_TRIES = 200;
  private static final long CONTROL_PAUSE = 1_000_000;

  private final int me;
  private final int rank;
  private final long run;
  private final boolean checksum;
  private final ExclusivePublication data;
  private final Publication control;
  private final Subscription dataArrivals;
  private final Subscription controlArrivals;
  private final int fragments;
  private final BufferClaim claim = new BufferClaim();
  private final ControlledFragmentHandler onFragment = this::onFragment;
  private volatile boolean gone;
  private volatile boolean closed;
  private volatile ControlCodec.@Nullable Control aborted;
  private @Nullable FrameHandler handler;
  private @Nullable Throwable thrown;

  AeronPeer(Aeron aeron, AeronChannels channels, int me, int rank, long run, boolean checksum) {
    this.me = me;
    this.rank = rank;
    this.run = run;
    this.checksum = checksum;
    this.dataArrivals =
        aeron.addSubscription(
            channels.arrivals(me), channels.dataStream(rank, me), _ -> {}, _ -> gone = true);
    this.controlArrivals =
        aeron.addSubscription(channels.arrivals(me), channels.controlStream(rank, me));
    this.data = aeron.addExclusivePublication(channels.data(rank), channels.dataStream(me, rank));
    this.control = aeron.addPublication(channels.control(rank), channels.controlStream(me, rank));
    this.fragments = Math.clamp(POLLED_BYTES / data.maxPayloadLength(), 1, FRAGMENTS);
  }

  boolean isConnected() {
    return data.isConnected()
        && control.isConnected()
        && dataArrivals.isConnected()
        && controlArrivals.isConnected();
  }

  int maxPayload() {
    return data.maxPayloadLength() - FrameCodec.HEADER;
  }

  boolean offer(Frame frame, long address, int length) {
    long position = data.tryClaim(FrameCodec.HEADER + length, claim);
    if (position < 0) {
      // Back pressure, a rotation of the log, or a peer that is gone, which others will notice.
      return false;
    }
    long target = claim.buffer().addressOffset() + claim.offset();
    FrameCodec.write(target, frame, address, length, checksum);
    claim.commit();
    return true;
  }

  /// Whether all that was offered has left, over a network.
  boolean hasSentAll() {
    return data.availableWindow() >= data.termBufferLength() / 2;
  }

  int poll(FrameHandler taker) {
    handler = taker;
    int polled = dataArrivals.controlledPoll(onFragment, fragments);
    handler = null;
    Throwable failure = thrown;
    if (failure != null) {
      thrown = null;
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
    return polled;
  }

  /// What this throws would end up with Aeron's error handler, so it is kept for [#poll].
  private Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
    try {
      return onFrame(buffer.addressOffset() + offset, length) ? Action.CONTINUE : Action.BREAK;
    } catch (RuntimeException | Error e) {
      thrown = e;
      return Action.BREAK;
    }
  }

  private boolean onFrame(long address, int length) {
    Optional<Frame> frame = FrameCodec.read(address, length);
    FrameHandler taker = handler;
    if (frame.isEmpty() || taker == null) {
      // Not ours: somebody else sends to this address.
      return true;
    }
    if (checksum && !FrameCodec.isIntact(address, length)) {
      throw new CollectiveException(
          "rank %d: frame %d of %s, #%d, from rank %d arrived damaged: its checksum is wrong"
              .formatted(
                  me,
                  frame.get().part(),
                  frame.get().header().text(),
                  frame.get().sequence(),
                  rank),
          rank,
          null);
    }
    return taker.onFrame(frame.get(), address + FrameCodec.HEADER, length - FrameCodec.HEADER);
  }

  /// Tells the other rank, if it can be reached at once.
  void tell(ControlCodec.Control message) {
    for (int i = 0; i < CONTROL_TRIES; i++) {
      long position = control.offer(ControlCodec.write(run, message));
      boolean again =
          position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
      if (!again) {
        return;
      }
      LockSupport.parkNanos(this, CONTROL_PAUSE);
    }
  }

  void pollControl() {
    controlArrivals.poll(
        (buffer, offset, length, _) ->
            ControlCodec.read(run, buffer, offset, length).ifPresent(this::onControl),
        FRAGMENTS);
  }

  private void onControl(ControlCodec.Control message) {
    if (message.abort()) {
      aborted = aborted == null ? message : aborted;
    } else {
      closed = true;
    }
  }

  /// Why the other rank gives up, if it does.
  Optional<String> abortReason() {
    ControlCodec.Control message = aborted;
    return message == null ? Optional.empty() : Optional.of(message.reason());
  }

  /// Whether the other rank is done.
  boolean hasClosed() {
    return closed;
  }

  /// Whether the other rank's stream has ended, orderly or not.
  boolean isGone() {
    return gone;
  }
}
