package jaxon.checkpoint.pytorch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;

/// The bytes of a pickle, read one after the other.
final class PickleBytes {
  private static final int LONGEST_LINE = 256;
  private static final ValueLayout.OfShort U2 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private long position;

  PickleBytes(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  boolean atEnd() {
    return position == bytes.byteSize();
  }

  /// Goes over the next `count` bytes and says where they begin.
  private long over(long count) {
    if (count < 0 || count > bytes.byteSize() - position) {
      throw malformed("ends within a value");
    }
    long from = position;
    position += count;
    return from;
  }

  int unsigned1() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, over(1)));
  }

  int unsigned2() {
    return Short.toUnsignedInt(bytes.get(U2, over(2)));
  }

  int signed4() {
    return bytes.get(I4, over(4));
  }

  /// A whole number of `count` bytes, the highest of which has the sign.
  long signed(int count) {
    if (count > Long.BYTES) {
      throw malformed("has a whole number of %d bytes, 8 at most are allowed".formatted(count));
    }
    long from = over(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      long part = bytes.get(ValueLayout.JAVA_BYTE, from + i);
      value |= (i == count - 1 ? part : part & 0xFF) << (Byte.SIZE * i);
    }
    return value;
  }

  /// A float64, the highest byte first.
  double real() {
    return bytes.get(
        ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), over(Double.BYTES));
  }

  String text(long count) {
    long from = over(count);
    byte[] utf8 = bytes.asSlice(from, count).toArray(ValueLayout.JAVA_BYTE);
    return BoundedJson.utf8(file + ": a string of its pickle", utf8);
  }

  /// Text to the end of a line, which is not part of it.
  String line() {
    for (long i = 0; i <= LONGEST_LINE && position + i < bytes.byteSize(); i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, position + i) == '\n') {
        String line = text(i);
        over(1);
        return line;
      }
    }
    throw malformed("has a line without an end");
  }

  CheckpointException malformed(String problem) {
    return CheckpointException.usage(
        "%s: its pickle %s (byte %,d)".formatted(file, problem, position));
  }
}
