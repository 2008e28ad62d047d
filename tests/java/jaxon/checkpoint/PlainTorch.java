package jaxon.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jaxon.checkpoint.PlainSafetensors.Stored;

/// The files of PyTorch's `torch.save` in a few lines, written apart from the code under test.
public final class PlainTorch {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// A pickle that has just begun.
  public PlainTorch() {
    op(0x80, 2);
  }

  /// Instructions as they are.
  public PlainTorch op(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  public PlainTorch text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op('X').little(utf8.length, 4).raw(utf8);
  }

  public PlainTorch whole(long value) {
    return op(0x8A, 8).little(value, 8);
  }

  public PlainTorch global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public PlainTorch numbers(long... values) {
    op('(');
    for (long value : values) {
      whole(value);
    }
    return op('t');
  }

  public PlainTorch storage(String type, String key, long elements) {
    return op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .whole(elements)
        .op('t', 'Q');
  }

  /// An empty OrderedDict, which is also what a tensor has for hooks.
  public PlainTorch orderedDict() {
    return global("collections", "OrderedDict").op(')', 'R');
  }

  /// A tensor, of a storage that `storage` writes.
  public PlainTorch tensor(
      String type, String key, long elements, long offset, long[] sizes, long... strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op('(')
        .storage(type, key, elements)
        .whole(offset)
        .numbers(sizes)
        .numbers(strides)
        .op(0x89)
        .orderedDict()
        .op('t', 'R');
  }

  private PlainTorch little(long value, int bytes) {
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), bytes);
  }

  public PlainTorch raw(byte[] bytes) {
    return raw(bytes, bytes.length);
  }

  private PlainTorch raw(byte[] bytes, int count) {
    out.write(bytes, 0, count);
    return this;
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  /// A file of tensors that have a storage each.
  public static byte[] file(SequencedMap<String, Stored> tensors) {
    PlainTorch pickle = new PlainTorch().orderedDict().op('(');
    SequencedMap<String, byte[]> storages = new LinkedHashMap<>();
    for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
      Stored tensor = entry.getValue();
      String key = Integer.toString(storages.size());
      long elements = 1;
      long[] strides = new long[tensor.shape().length];
      for (int d = strides.length - 1; d >= 0; d--) {
        strides[d] = elements;
        elements *= tensor.shape()[d];
      }
      pickle
          .text(entry.getKey())
          .tensor(storageType(tensor.dtype()), key, elements, 0, tensor.shape(), strides);
      storages.put(key, tensor.bytes());
    }
    return file(pickle.op('u', '.').bytes(), storages);
  }

  private static String storageType(String dtype) {
    return switch (dtype) {
      case "F64" -> "DoubleStorage";
      case "F32" -> "FloatStorage";
      case "F16" -> "HalfStorage";
      case "BF16" -> "BFloat16Storage";
      case "I64" -> "LongStorage";
      case "I32" -> "IntStorage";
      case "I8" -> "CharStorage";
      case "U8" -> "ByteStorage";
      case "BOOL" -> "BoolStorage";
      default -> throw new IllegalArgumentException(dtype);
    };
  }

  /// A file of a pickle and storages by key.
  public static byte[] file(byte[] pickle, SequencedMap<String, byte[]> storages) {
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    entries.put("archive/byteorder", "little".getBytes(StandardCharsets.UTF_8));
    storages.forEach((key, bytes) -> entries.put("archive/data/" + key, bytes));
    entries.put("archive/version", "3\n".getBytes(StandardCharsets.UTF_8));
    return zip(entries, ZipEntry.STORED);
  }

  /// A zip file of any entries.
  ///
  /// @param method how they are compressed
  public static byte[] zip(SequencedMap<String, byte[]> entries, int method) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(content.getValue());
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setMethod(method);
        entry.setSize(content.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
