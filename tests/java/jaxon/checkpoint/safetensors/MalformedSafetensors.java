package jaxon.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.PlainSafetensors;

/// Kinds of malformed safetensors files, each from a good one.
public final class MalformedSafetensors {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  private MalformedSafetensors() {}

  /// A good file: `a` and `b`, two float32 numbers each.
  public static byte[] good() {
    return file("{" + A + "," + tensor("b", "F32", "[2]", "[8,16]") + "}", 16);
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }

  private static byte[] file(String header, int dataBytes) {
    return PlainSafetensors.file(header, new byte[dataBytes]);
  }

  private static byte[] claiming(long length) {
    return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  /// One tensor `b` after the good `a`.
  private static byte[] second(String dtype, String shape, String offsets, int dataBytes) {
    return file("{" + A + "," + tensor("b", dtype, shape, offsets) + "}", dataBytes);
  }

  /// The files by what is wrong with them.
  public static SequencedMap<String, byte[]> all() {
    SequencedMap<String, byte[]> all = new LinkedHashMap<>();
    byte[] good = good();
    all.put("empty file", new byte[0]);
    all.put("seven bytes", new byte[7]);
    all.put("length alone", new byte[8]);
    all.put("header of 2^63 bytes", claiming(Long.MIN_VALUE));
    all.put("header of 2^64 - 1 bytes", claiming(-1));
    all.put("header beyond the file", claiming(57));
    all.put("header beyond the limit", claiming(1L << 40));
    all.put("cut off in the header", Arrays.copyOf(good, 40));
    all.put("cut off in the data", Arrays.copyOf(good, good.length - 1));
    all.put("bytes after the data", Arrays.copyOf(good, good.length + 1));
    all.put("not JSON", file("{not json}", 0));
    all.put("a list", file("[]", 0));
    all.put("space before the object", file(" {" + A + "}", 8));
    all.put("text after the object", file("{" + A + "} x", 8));
    all.put("two objects", file("{" + A + "}{}", 8));
    all.put("not UTF-8", latin1());
    all.put("UTF-16", utf16());
    all.put("deep nesting", file("{\"a\":" + "[".repeat(100_000), 0));
    all.put("deep unknown value", file("{\"a\":{\"x\":" + "[".repeat(100_000), 0));
    all.put("name twice", file("{" + A + "," + A + "}", 8));
    all.put(
        "key twice",
        file(
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            8));
    all.put("metadata twice", file("{\"__metadata__\":{},\"__metadata__\":{}," + A + "}", 8));
    all.put("metadata of numbers", file("{\"__metadata__\":{\"a\":1}," + A + "}", 8));
    all.put("metadata a list", file("{\"__metadata__\":[]," + A + "}", 8));
    all.put("tensor a string", file("{\"a\":\"F32\"}", 0));
    addTensors(all);
    return all;
  }

  private static void addTensors(SequencedMap<String, byte[]> all) {
    all.put("no dtype", file("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8));
    all.put("no shape", file("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8));
    all.put("no offsets", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8));
    all.put("unknown dtype", second("F31", "[2]", "[8,16]", 16));
    all.put(
        "dtype a number", file("{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}", 8));
    all.put("overlap", second("F32", "[2]", "[4,12]", 12));
    all.put("same place twice", second("F32", "[2]", "[0,8]", 8));
    all.put("hole", second("F32", "[2]", "[12,20]", 20));
    all.put("hole at the start", file("{" + tensor("a", "F32", "[2]", "[4,12]") + "}", 12));
    all.put("end before begin", second("F32", "[2]", "[16,8]", 16));
    all.put("beyond the file", second("F32", "[4]", "[8,24]", 16));
    all.put("one offset", second("F32", "[2]", "[8]", 16));
    all.put("three offsets", second("F32", "[2]", "[8,16,16]", 16));
    all.put("negative offset", second("F32", "[2]", "[-8,0]", 8));
    all.put("offset of 2^64", second("F32", "[2]", "[8,18446744073709551624]", 16));
    all.put("offset a fraction", second("F32", "[2]", "[8,16.0]", 16));
    all.put("negative dim", second("F32", "[-2]", "[8,16]", 16));
    all.put("dim a fraction", second("F32", "[2.5]", "[8,18]", 18));
    all.put("dim a string", second("F32", "[\"2\"]", "[8,16]", 16));
    all.put("shape overflows", second("F32", "[4294967296,4294967296]", "[8,8]", 8));
    all.put("shape wraps to the extent", second("F32", "[4611686018427387906]", "[8,16]", 16));
    all.put("shape too small", second("F32", "[1]", "[8,16]", 16));
    all.put("shape too large", second("F32", "[3]", "[8,16]", 16));
    all.put("many dims", second("F32", "[" + "1,".repeat(4000) + "2]", "[8,16]", 16));
    all.put("number of many digits", second("F32", "[" + "9".repeat(100_000) + "]", "[8,16]", 16));
    all.put("name of a million letters", file("{\"" + "n".repeat(1_000_000) + "\":{}}", 0));
  }

  private static byte[] latin1() {
    byte[] text = file("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    text[10] = (byte) 0xE9;
    return text;
  }

  private static byte[] utf16() {
    byte[] text = ("{" + A + "}").getBytes(StandardCharsets.UTF_16LE);
    return ByteBuffer.allocate(8 + text.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
