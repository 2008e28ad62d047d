package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads event files without any code of the writer; its CRC-32C is computed bit by bit.
final class EventFileReader {
  record Event(
      double wallTime, long step, String fileVersion, Map<String, Float> scalars, int status) {}

  private double wallTime;
  private long step;
  private String fileVersion = "";
  private final Map<String, Float> scalars = new LinkedHashMap<>();
  private int status;

  private EventFileReader() {}

  static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = little(ByteBuffer.wrap(Files.readAllBytes(file)));
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] lengthBytes = new byte[8];
      bytes.duplicate().get(lengthBytes);
      long length = bytes.getLong();
      assertThat(bytes.getInt()).isEqualTo(maskedCrc(lengthBytes));
      byte[] payload = new byte[Math.toIntExact(length)];
      bytes.get(payload);
      assertThat(bytes.getInt()).isEqualTo(maskedCrc(payload));
      events.add(new EventFileReader().event(little(ByteBuffer.wrap(payload))));
    }
    return events;
  }

  private Event event(ByteBuffer in) {
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | 1 -> wallTime = in.getDouble();
        case 2 << 3 -> step = varint(in);
        case 3 << 3 | 2 -> fileVersion = text(message(in));
        case 5 << 3 | 2 -> summary(message(in));
        case 7 << 3 | 2 -> {
          ByteBuffer log = message(in);
          assertThat(varint(log)).isEqualTo(1 << 3);
          status = (int) varint(log);
        }
        default -> throw new AssertionError("unknown field of Event: tag " + tag);
      }
    }
    return new Event(wallTime, step, fileVersion, scalars, status);
  }

  private void summary(ByteBuffer in) {
    while (in.hasRemaining()) {
      assertThat(varint(in)).isEqualTo(1 << 3 | 2);
      ByteBuffer value = message(in);
      assertThat(varint(value)).isEqualTo(1 << 3 | 2);
      String name = text(message(value));
      assertThat(varint(value)).isEqualTo(2 << 3 | 5);
      scalars.put(name, value.getFloat());
      assertThat(value.hasRemaining()).isFalse();
    }
  }

  private static ByteBuffer message(ByteBuffer in) {
    int length = Math.toIntExact(varint(in));
    ByteBuffer part = little(in.slice(in.position(), length));
    in.position(in.position() + length);
    return part;
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in).toString();
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int maskedCrc(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }
}
