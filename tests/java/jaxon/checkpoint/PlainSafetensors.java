package jaxon.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The safetensors format in a few lines, written apart from the code under test.
public final class PlainSafetensors {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"(\\w+)\",\"shape\":\\[([\\d,]*)\\],\"data_offsets\":\\[(\\d+),(\\d+)\\]\\}");

  private PlainSafetensors() {}

  /// A tensor as it is stored.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Stored(String dtype, long[] shape, byte[] bytes) {
    /// Of float32 values.
    public static Stored ofFloats(double[] values, long... shape) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      for (double value : values) {
        bytes.putFloat((float) value);
      }
      return new Stored("F32", shape, bytes.array());
    }

    /// Of the upper halves of float32 values.
    public static Stored ofBfloats(double[] values, long... shape) {
      ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      for (double value : values) {
        bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
      }
      return new Stored("BF16", shape, bytes.array());
    }

    /// The values of a float32 tensor.
    public double[] floats() {
      double[] values = new double[bytes.length / 4];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < values.length; i++) {
        values[i] = buffer.getFloat();
      }
      return values;
    }
  }

  /// A whole file.
  public static byte[] file(SequencedMap<String, Stored> tensors) {
    StringBuilder header = new StringBuilder("{");
    long offset = 0;
    for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
      Stored tensor = entry.getValue();
      long end = offset + tensor.bytes().length;
      header
          .append(header.length() > 1 ? "," : "")
          .append(entry(entry.getKey(), tensor.dtype(), tensor.shape(), offset, end));
      offset = end;
    }
    ByteBuffer data = ByteBuffer.allocate((int) offset);
    tensors.values().forEach(tensor -> data.put(tensor.bytes()));
    return file(header.append('}').toString(), data.array());
  }

  public static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  public static String entry(String name, String dtype, long[] shape, long begin, long end) {
    String dims = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, dims, begin, end);
  }

  /// A tensor that must be there.
  public static Stored get(Map<String, Stored> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  public static SequencedMap<String, Stored> read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Matcher entry = ENTRY.matcher(new String(all, 8, length, StandardCharsets.UTF_8));
    SequencedMap<String, Stored> tensors = new LinkedHashMap<>();
    while (entry.find()) {
      long[] shape =
          entry.group(3).isEmpty()
              ? new long[0]
              : Arrays.stream(entry.group(3).split(",")).mapToLong(Long::parseLong).toArray();
      int begin = 8 + length + Integer.parseInt(entry.group(4));
      int end = 8 + length + Integer.parseInt(entry.group(5));
      tensors.put(
          entry.group(1), new Stored(entry.group(2), shape, Arrays.copyOfRange(all, begin, end)));
    }
    return tensors;
  }
}
