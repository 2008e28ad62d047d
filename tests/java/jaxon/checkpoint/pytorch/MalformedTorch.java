package jaxon.checkpoint.pytorch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import jaxon.checkpoint.PlainTorch;

/// Kinds of malformed and hostile files of weights, each with what its error says.
final class MalformedTorch {
  /// How a file is made, and a part of its message.
  record Kind(Supplier<byte[]> file, String message) {}

  private static final long[] TWO = {2};

  private MalformedTorch() {}

  /// A good file: a tensor of two float32 numbers.
  static byte[] good() {
    return file(goodPickle());
  }

  static byte[] goodPickle() {
    String name = "a name that many changes leave a name, so that some mutations are no damage";
    return dict(p -> p.text(name).tensor("FloatStorage", "0", 2, 0, TWO, 1));
  }

  private static PlainTorch a(PlainTorch pickle) {
    return pickle.text("a").tensor("FloatStorage", "0", 2, 0, TWO, 1);
  }

  /// A pickle of a dict that `entries` fills.
  private static byte[] dict(UnaryOperator<PlainTorch> entries) {
    return entries.apply(new PlainTorch().orderedDict().op('(')).op('u', '.').bytes();
  }

  /// A file with a storage of two float32 numbers.
  static byte[] file(byte[] pickle) {
    SequencedMap<String, byte[]> storages = new LinkedHashMap<>();
    storages.put("0", new byte[8]);
    return PlainTorch.file(pickle, storages);
  }

  private static byte[] zip(UnaryOperator<SequencedMap<String, byte[]>> change, int method) {
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", goodPickle());
    entries.put("archive/data/0", new byte[8]);
    return PlainTorch.zip(change.apply(entries), method);
  }

  private static byte[] with(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return zip(
        entries -> {
          entries.put(name, bytes);
          return entries;
        },
        ZipEntry.STORED);
  }

  static SequencedMap<String, Kind> all() {
    SequencedMap<String, Kind> all = new LinkedHashMap<>();
    addPrograms(all);
    addInstructions(all);
    addPickles(all);
    addTensors(all);
    addStorages(all);
    addZips(all);
    return all;
  }

  private static void add(
      SequencedMap<String, Kind> all, String kind, String message, UnaryOperator<PlainTorch> pkl) {
    all.put(kind, new Kind(() -> file(pkl.apply(new PlainTorch()).bytes()), message));
  }

  /// Pickles that want something run.
  private static void addPrograms(SequencedMap<String, Kind> all) {
    add(
        all,
        "os.system",
        "asks for os.system",
        p -> p.global("os", "system").op('(').text("touch /tmp/x").op('t', 'R', '.'));
    add(
        all,
        "eval",
        "asks for builtins.eval",
        p -> p.global("builtins", "eval").op('(').text("1").op('t', 'R', '.'));
    add(
        all,
        "eval of Python 2",
        "asks for __builtin__.eval",
        p -> p.global("__builtin__", "eval").op('(').text("1").op('t', 'R', '.'));
    add(
        all,
        "a name by the stack",
        "asks for posix.system",
        p -> p.text("posix").text("system").op(0x93, '.'));
    add(
        all,
        "a name with dots",
        "asks for collections.OrderedDict.__init__",
        p -> p.text("collections").text("OrderedDict.__init__").op(0x93, '.'));
    add(all, "torch's own loader", "asks for torch.load", p -> p.global("torch", "load").op('.'));
    add(
        all,
        "a part of torch",
        "asks for torch._utils._rebuild_qtensor",
        p -> p.global("torch._utils", "_rebuild_qtensor").op('.'));
    add(
        all,
        "within a tensor",
        "asks for os.system",
        p ->
            p.global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .global("os", "system")
                .op('t', '.'));
    add(all, "a call of a call", "calls a dict", p -> p.orderedDict().op(')', 'R', '.'));
    add(
        all,
        "a call of a tensor",
        "calls a tensor",
        p -> p.tensor("FloatStorage", "0", 2, 0, TWO, 1).op(')', 'R', '.'));
    add(all, "a call of a string", "calls a string", p -> p.text("eval").op(')', 'R', '.'));
    add(
        all,
        "a call of a storage",
        "calls a storage",
        p -> p.global("torch", "FloatStorage").op(')', 'R', '.'));
  }

  /// Instructions that make or change objects.
  private static void addInstructions(SequencedMap<String, Kind> all) {
    add(
        all,
        "attributes of a tensor",
        "sets attributes of a tensor",
        p -> p.tensor("FloatStorage", "0", 2, 0, TWO, 1).op('}', 'b', '.'));
    add(
        all,
        "attributes of a name",
        "sets attributes of a name",
        p -> p.global("collections", "OrderedDict").op('}', 'b', '.'));
    add(
        all,
        "INST",
        "instruction 0x69",
        p -> p.op('(', 'i').raw("os\nsystem\n".getBytes(StandardCharsets.UTF_8)).op('.'));
    add(all, "OBJ", "instruction 0x6F", p -> p.op('(', 'o', '.'));
    add(all, "NEWOBJ", "instruction 0x81", p -> p.orderedDict().op(')', 0x81, '.'));
    add(all, "EXT1", "instruction 0x82", p -> p.op(0x82, 1, '.'));
    add(all, "LIST", "instruction 0x5D", p -> p.op(']', '.'));
    add(all, "STRING", "instruction 0x53", p -> p.op('S', '\'', 'a', '\'', '\n', '.'));
  }

  private static void addPickles(SequencedMap<String, Kind> all) {
    all.put("no pickle", new Kind(() -> file(new byte[0]), "ends within"));
    add(all, "no end", "ends within", p -> p.op('}'));
    add(all, "nothing", "takes more values", p -> p.op('.'));
    add(all, "two values", "goes on after", p -> p.op('}', '}', '.'));
    add(all, "bytes after the end", "goes on after", p -> p.op('}', '.', 'N'));
    add(all, "protocol 9", "protocol 9", p -> p.op(0x80, 9, '}', '.'));
    add(all, "a list of tensors", "holds a tuple", p -> p.op(')', '.'));
    add(
        all,
        "a string for a tensor",
        "'a' is a string",
        p -> p.op('}').text("a").text("b").op('s', '.'));
    add(
        all,
        "a dict of dicts",
        "'model' is a dict",
        p -> p.op('}').text("model").op('}', 's', '.'));
    add(all, "a number as key", "has an int as key", p -> p.op('}', 'K', 1, 'N', 's', '.'));
    add(all, "a key twice", "key 'a' twice", p -> a(a(p.op('}', '('))).op('u', '.'));
    add(
        all,
        "keys without values",
        "keys without values",
        p -> p.op('}', '(').text("a").op('u', '.'));
    add(all, "no mark", "has no mark", p -> p.op('}', 't', '.'));
    add(
        all,
        "values from below a mark",
        "takes more values",
        p -> p.op('}').text("a").op('(').op('N', 's', '.'));
    add(all, "a memory that is none", "recalls value 7", p -> p.op('h', 7, '.'));
    add(all, "remembers nothing", "remembers", p -> p.op('q', 0, '.'));
    add(all, "text of 4 GB", "ends within", p -> p.op('X', 255, 255, 255, 255, '.'));
    add(all, "text that is not UTF-8", "not UTF-8", p -> p.op('X', 1, 0, 0, 0, 0xE9, '.'));
    add(all, "a number of 255 bytes", "255 bytes", p -> p.op(0x8A, 255, '.'));
    add(
        all,
        "a line without an end",
        "line without an end",
        p -> p.op('c').raw("x".repeat(1000).getBytes(StandardCharsets.UTF_8)));
    add(
        all,
        "dicts in each other",
        "instruction 0x78",
        p -> p.raw("}X\1\0\0\0a".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1)).op('x'));
    add(
        all,
        "millions of values",
        "more than 2,097,152 instructions",
        p -> p.raw("N".repeat(3_000_000).getBytes(StandardCharsets.ISO_8859_1)).op('.'));
  }

  private static void addTensor(
      SequencedMap<String, Kind> all, String kind, String message, UnaryOperator<PlainTorch> one) {
    all.put(kind, new Kind(() -> file(dict(p -> one.apply(p.text("a")))), message));
  }

  private static void addTensors(SequencedMap<String, Kind> all) {
    String within = "is not within its storage";
    addTensor(
        all,
        "storage too small",
        within,
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {3}, 1));
    addTensor(all, "offset beyond", within, p -> p.tensor("FloatStorage", "0", 2, 1, TWO, 1));
    addTensor(all, "stride beyond", within, p -> p.tensor("FloatStorage", "0", 2, 0, TWO, 2));
    addTensor(
        all,
        "one number shown as many",
        within,
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {1L << 40}, 0));
    addTensor(
        all,
        "numbers shown many times",
        within,
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {2, 2}, 0, 1));
    addTensor(
        all,
        "sizes overflow",
        "beyond any memory",
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {1L << 32, 1L << 32}, 0, 0));
    addTensor(
        all,
        "strides overflow",
        "beyond any memory",
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {2, 2}, Long.MAX_VALUE - 1, 7));
    addTensor(
        all,
        "place overflows",
        "beyond any memory",
        p -> p.tensor("FloatStorage", "0", 2, 5, TWO, Long.MAX_VALUE));
    addTensor(
        all, "negative offset", "begin at 0", p -> p.tensor("FloatStorage", "0", 2, -1, TWO, 1));
    addTensor(
        all,
        "negative size",
        "0 or more",
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[] {-2}, 1));
    addTensor(
        all, "negative stride", "0 or more", p -> p.tensor("FloatStorage", "0", 2, 1, TWO, -1));
    addTensor(
        all,
        "many dims",
        "16 at most",
        p -> p.tensor("FloatStorage", "0", 2, 0, new long[17], new long[17]));
    addTensor(
        all,
        "unlike numbers of dims and strides",
        "as many strides",
        p -> p.tensor("FloatStorage", "0", 2, 0, TWO, 1, 1));
  }

  /// Tensors of storages that are not there, or are something else.
  private static void addStorages(SequencedMap<String, Kind> all) {
    addTensor(
        all,
        "storage is missing",
        "has no storage '1'",
        p -> p.tensor("FloatStorage", "1", 2, 0, TWO, 1));
    addTensor(
        all,
        "storage by a path",
        "has no storage '../data/0'",
        p -> p.tensor("FloatStorage", "../data/0", 2, 0, TWO, 1));
    addTensor(
        all,
        "storage of another size",
        "should have 3 elements",
        p -> p.tensor("FloatStorage", "0", 3, 0, TWO, 1));
    addTensor(
        all,
        "storage of another type",
        "should have 2 elements",
        p -> p.tensor("DoubleStorage", "0", 2, 0, TWO, 1));
    addTensor(
        all,
        "type that is none",
        "asks for torch.QInt8Storage",
        p -> p.tensor("QInt8Storage", "0", 2, 0, TWO, 1));
    addTensor(
        all,
        "no storage",
        "makes a tensor of what is no storage",
        p -> p.global("torch._utils", "_rebuild_tensor_v2").op(')', 'R'));
    addTensor(
        all,
        "something outside",
        "refers to something outside",
        p -> p.text("/etc/passwd").op('Q'));
    addTensor(
        all,
        "a parameter of nothing",
        "makes a parameter",
        p -> p.global("torch._utils", "_rebuild_parameter").op(')', 'R'));
  }

  private static void addZips(SequencedMap<String, Kind> all) {
    byte[] good = good();
    all.put("empty file", new Kind(() -> new byte[0], "no zip file"));
    all.put("torch before 1.6", new Kind(() -> goodPickle(), "since version 1.6"));
    all.put("cut off", new Kind(() -> Arrays.copyOf(good, good.length - 1), "cut off"));
    all.put("bytes after it", new Kind(() -> Arrays.copyOf(good, good.length + 1), "no zip file"));
    all.put("deflated", new Kind(() -> zip(e -> e, ZipEntry.DEFLATED), "is compressed"));
    all.put("big-endian", new Kind(() -> with("archive/byteorder", "big"), "byte order is 'big'"));
    all.put("two pickles", new Kind(() -> with("other/data.pkl", ""), "found 2"));
    all.put(
        "TorchScript",
        new Kind(
            () -> PlainTorch.zip(new LinkedHashMap<>(), ZipEntry.STORED),
            "should have one data.pkl"));
    byte[] damaged = good.clone();
    damaged[30 + "archive/data.pkl".length() + 3]++;
    all.put("a bit of the pickle", new Kind(() -> damaged, "checksum"));
    byte[] moved = good.clone();
    moved[moved.length - 6]++; // The directory's place.
    all.put("directory elsewhere", new Kind(() -> moved, "damaged zip file"));
    byte[] outside = good.clone();
    outside[outside.length - 3] = 127;
    all.put("directory outside", new Kind(() -> outside, "leads out of it"));
    byte[] twice =
        new String(with("archive/data/1", "12345678"), StandardCharsets.ISO_8859_1)
            .replace("archive/data/1", "archive/data/0")
            .getBytes(StandardCharsets.ISO_8859_1);
    all.put("an entry twice", new Kind(() -> twice, "twice"));
  }
}
