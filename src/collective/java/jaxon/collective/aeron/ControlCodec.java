package jaxon.collective.aeron;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/// What ranks tell each other beside collectives: that one gives up, or is done.
final class ControlCodec {
  /// Fits every packet.
  private static final int LONGEST_TEXT = 1000;

  private static final int MAGIC = 0x4A58_4332;
  private static final int TEXT = 13;

  /// A control message.
  ///
  /// @param reason why the sender gives up; empty if it is done
  record Control(boolean abort, String reason) {}

  private ControlCodec() {}

  static UnsafeBuffer write(long run, Control control) {
    byte[] text = control.reason().getBytes(StandardCharsets.UTF_8);
    byte[] kept = Arrays.copyOf(text, Math.min(text.length, LONGEST_TEXT));
    ByteBuffer bytes = ByteBuffer.allocateDirect(TEXT + kept.length);
    bytes.putInt(MAGIC).putLong(run).put((byte) (control.abort() ? 1 : 0)).put(kept);
    return new UnsafeBuffer(bytes);
  }

  static Optional<Control> read(long run, DirectBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    ByteBuffer message = ByteBuffer.wrap(bytes);
    if (length < TEXT || message.getInt() != MAGIC || message.getLong() != run) {
      return Optional.empty();
    }
    boolean abort = message.get() == 1;
    String reason = new String(bytes, TEXT, length - TEXT, StandardCharsets.UTF_8);
    return Optional.of(new Control(abort, reason));
  }
}
