package jaxon.runtime.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Layout;

/// Runs regions as loops on literals, and compares them with the interpreter.
final class LoopRun {
  private LoopRun() {}

  static SortedMap<String, String> attributes(Shape shape, int rowDims) {
    SortedMap<String, String> attributes = new TreeMap<>();
    attributes.put(
        "shape", shape.toList().stream().map(String::valueOf).collect(Collectors.joining("x")));
    attributes.put("row_dims", Integer.toString(rowDims));
    return attributes;
  }

  static List<Layout> dense(Graph region) {
    return region.inputTypes().stream().map(t -> Layout.dense(t.dtype(), t.shape())).toList();
  }

  /// Compiles and runs with every width of vectors and compares with the interpreter.
  static void check(
      Graph region, Shape shape, int rowDims, List<Literal> inputs, double tolerance) {
    for (int bits : new int[] {128, 256, 512}) {
      check(bits, region, shape, rowDims, dense(region), inputs, tolerance);
    }
  }

  static void check(
      int bits,
      Graph region,
      Shape shape,
      int rowDims,
      List<Layout> layouts,
      List<Literal> inputs,
      double tolerance) {
    LoopCompiler compiler = new LoopCompiler(bits, 2, null);
    Loop loop = Loop.compile(compiler, region, attributes(shape, rowDims), layouts);
    List<Literal> found;
    try (WorkerPool pool = new WorkerPool(2)) {
      found = run(loop, region, layouts, inputs, pool);
    }
    String difference = difference(region, inputs, found, tolerance);
    if (!difference.isEmpty()) {
      throw new AssertionError(difference + "\n" + loop.source());
    }
  }

  /// Where `found` first differs from what the interpreter gives; empty if it does not.
  ///
  /// @param tolerance allowed in float32, absolute and relative, beyond what the order of a sum may
  ///   change; other dtypes are allowed as much in their own precision; 0: equal bits
  static String difference(
      Graph region, List<Literal> inputs, List<Literal> found, double tolerance) {
    List<Literal> expected = Interpreter.run(region, inputs);
    List<Optional<Literal>> bounds = SumBound.of(region, inputs);
    for (int i = 0; i < expected.size(); i++) {
      TensorType type = expected.get(i).type();
      assertThat(found.get(i).type()).isEqualTo(type);
      for (long at = 0; at < type.shape().elements(); at++) {
        double want = expected.get(i).get(at);
        double have = found.get(i).get(at);
        long index = at;
        double slack = tolerance == 0 ? 0 : bounds.get(i).map(b -> b.get(index)).orElse(0.0);
        if (Double.compare(want, have) != 0
            && !(Math.abs(want - have) <= slack + allowed(type.dtype(), tolerance, want))) {
          return "output %d element %d of %s: expected %s, found %s"
              .formatted(i, at, type, want, have);
        }
      }
    }
    return "";
  }

  private static double allowed(DType dtype, double tolerance, double value) {
    if (tolerance == 0) {
      return 0;
    }
    return switch (dtype) {
      case BF16 -> 0x1p-7 * Math.max(1, Math.abs(value));
      case F16 -> 0x1p-10 * Math.max(1, Math.abs(value));
      case F32 -> tolerance * (1 + Math.abs(value));
      case F64 -> 0x1p-29 * tolerance * (1 + Math.abs(value));
      case I1, I8, I32, I64, UI8, UI32, UI64 -> 0;
    };
  }

  /// The results of `loop` on inputs that lie in memory as `layouts` say.
  static List<Literal> run(
      Loop loop, Graph region, List<Layout> layouts, List<Literal> inputs, WorkerPool pool) {
    try (Arena arena = Arena.ofShared()) {
      long[] in = new long[inputs.size()];
      for (int i = 0; i < in.length; i++) {
        in[i] = place(arena, layouts.get(i), inputs.get(i));
      }
      List<MemorySegment> results = new ArrayList<>();
      for (TensorType type : region.outputTypes()) {
        MemorySegment memory = arena.allocate(type.bytes() + 128, 64);
        memory.fill((byte) 0x55);
        results.add(memory);
      }
      long[] out = results.stream().mapToLong(MemorySegment::address).toArray();
      long scratch = arena.allocate(loop.scratchBytes() + 64, 64).fill((byte) 0x77).address();
      loop.run(in, out, scratch, pool);
      List<Literal> literals = new ArrayList<>();
      for (int i = 0; i < out.length; i++) {
        TensorType type = region.outputTypes().get(i);
        literals.add(literal(type, results.get(i)));
        assertThat(results.get(i).get(java.lang.foreign.ValueLayout.JAVA_BYTE, type.bytes()))
            .as("the byte after output %s", i)
            .isEqualTo((byte) 0x55);
      }
      return literals;
    }
  }

  /// Writes `value` under `layout`; the address is that of its first element.
  private static long place(Arena arena, Layout layout, Literal value) {
    long low = 0;
    long high = 0;
    for (int d = 0; d < layout.strides().size(); d++) {
      long reach = layout.strides().get(d) * Math.max(layout.shape().dim(d) - 1, 0);
      low += Math.min(reach, 0);
      high += Math.max(reach, 0);
    }
    int bytes = layout.dtype().bytes();
    MemorySegment memory = arena.allocate((high - low + 1) * bytes, 64);
    long start = memory.address() - low * bytes;
    long[] strides = layout.shape().strides();
    for (long i = 0; i < layout.shape().elements(); i++) {
      long at = 0;
      for (int d = 0; d < strides.length; d++) {
        at += i / strides[d] % layout.shape().dim(d) * layout.strides().get(d);
      }
      write(layout.dtype(), start + at * bytes, value, i);
    }
    return start;
  }

  private static void write(DType dtype, long address, Literal value, long index) {
    Literal one =
        dtype.isFloat()
            ? Literal.splat(TensorType.of(dtype), value.get(index))
            : Literal.generateLongs(TensorType.of(dtype), _ -> value.getLong(index));
    switch (one.toStorage()) {
      case float[] a -> LaneMemory.ALL.set(LaneMemory.FLOAT, address, a[0]);
      case double[] a -> LaneMemory.ALL.set(LaneMemory.DOUBLE, address, a[0]);
      case short[] a -> LaneMemory.ALL.set(LaneMemory.SHORT, address, a[0]);
      case int[] a -> LaneMemory.ALL.set(LaneMemory.INT, address, a[0]);
      case long[] a -> LaneMemory.ALL.set(LaneMemory.LONG, address, a[0]);
      case byte[] a -> LaneMemory.ALL.set(LaneMemory.BYTE, address, a[0]);
      default -> throw new AssertionError(dtype);
    }
  }

  private static Literal literal(TensorType type, MemorySegment memory) {
    int n = Math.toIntExact(type.shape().elements());
    Object storage = Literal.newStorage(type.dtype(), n);
    MemorySegment from = memory.asSlice(0, type.bytes());
    switch (storage) {
      case float[] a -> MemorySegment.ofArray(a).copyFrom(from);
      case double[] a -> MemorySegment.ofArray(a).copyFrom(from);
      case short[] a -> MemorySegment.ofArray(a).copyFrom(from);
      case int[] a -> MemorySegment.ofArray(a).copyFrom(from);
      case long[] a -> MemorySegment.ofArray(a).copyFrom(from);
      case byte[] a -> MemorySegment.ofArray(a).copyFrom(from);
      default -> throw new AssertionError(Arrays.asList(storage));
    }
    return Literal.wrap(type, storage);
  }
}
