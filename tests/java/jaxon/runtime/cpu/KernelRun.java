package jaxon.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.program.Layout;

/// Runs kernels on host values: one alone, in memory that lies between guard bytes, or all that the
/// engine makes of a graph.
public final class KernelRun {
  private static final long GUARD = 256;
  private static final byte PATTERN = (byte) 0xA5;

  private KernelRun() {}

  /// The results of `kernel`, which is run twice in the same memory; the second run counts.
  public static List<Literal> run(
      HostKernel kernel, List<Literal> operands, List<TensorType> results, int threads) {
    try (Arena arena = Arena.ofConfined();
        WorkerPool pool = new WorkerPool(threads)) {
      long[] in = operands.stream().mapToLong(literal -> put(arena, literal)).toArray();
      long[] out = results.stream().mapToLong(type -> room(arena, bytes(type))).toArray();
      long scratch = room(arena, kernel.scratchBytes());
      kernel.run(in, out, scratch, pool);
      kernel.run(in, out, scratch, pool);
      requireGuards(scratch, kernel.scratchBytes());
      List<Literal> values = new ArrayList<>();
      for (int i = 0; i < out.length; i++) {
        requireGuards(out[i], bytes(results.get(i)));
        values.add(read(results.get(i), out[i]));
      }
      return values;
    }
  }

  /// The results of `graph`, compiled by the engine.
  public static List<Literal> compiled(Graph graph, List<Literal> inputs) {
    List<Literal> values = new ArrayList<>();
    try (CpuBackend backend = new CpuBackend()) {
      // More threads than the cores of small machines, so that tasks run in many orders.
      backend.setThreads(3);
      Device device = backend.devices().getFirst();
      try (Executable executable = backend.compile(graph, CompileOptions.DEFAULT)) {
        List<Buffer> buffers = inputs.stream().map(x -> backend.put(x, device)).toList();
        List<Buffer> results = executable.execute(buffers);
        results.forEach(result -> values.add(result.toLiteral()));
        results.forEach(Buffer::close);
        buffers.forEach(Buffer::close);
      }
    }
    return values;
  }

  /// Fails unless every result has the expected type and is off by at most `tolerance` of its
  /// largest value.
  public static void assertClose(List<Literal> found, List<Literal> expected, double tolerance) {
    assertThat(types(found)).isEqualTo(types(expected));
    for (int i = 0; i < found.size(); i++) {
      double[] values = expected.get(i).toDoubles();
      double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
      assertThat(found.get(i).toDoubles())
          .as("result %s of %s", i, types(expected))
          .containsExactly(values, within(tolerance * (largest + 0.05)));
    }
  }

  private static List<TensorType> types(List<Literal> literals) {
    return literals.stream().map(Literal::type).toList();
  }

  /// Dense layouts of the operands.
  public static List<Layout> layouts(List<Literal> operands) {
    return operands.stream()
        .map(literal -> Layout.dense(literal.type().dtype(), literal.type().shape()))
        .toList();
  }

  /// The only composite of a name in a graph, also in regions.
  public static Equation composite(Graph graph, String name) {
    return find(graph, name).getFirst();
  }

  private static List<Equation> find(Graph graph, String name) {
    List<Equation> found = new ArrayList<>();
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof ControlOp.Composite c && c.name().equals(name)) {
        found.add(equation);
      }
      equation.regions().forEach(region -> found.addAll(find(region, name)));
    }
    return found;
  }

  private static long bytes(TensorType type) {
    return type.shape().elements() * type.dtype().bytes();
  }

  private static long put(Arena arena, Literal literal) {
    long address = room(arena, bytes(literal.type()));
    TensorType type = literal.type();
    for (long i = 0; i < type.shape().elements(); i++) {
      switch (type.dtype()) {
        case F32 -> HostMemory.ALL.set(HostMemory.FLOAT, address + i * 4, (float) literal.get(i));
        case BF16 ->
            HostMemory.ALL.set(
                HostMemory.SHORT,
                address + i * 2,
                (short) (Float.floatToRawIntBits((float) literal.get(i)) >>> 16));
        case I32 -> HostMemory.ALL.set(HostMemory.INT, address + i * 4, (int) literal.getLong(i));
        default -> throw new IllegalArgumentException("operand of type " + type);
      }
    }
    return address;
  }

  private static Literal read(TensorType type, long address) {
    return Literal.generate(
        type,
        i ->
            switch (type.dtype()) {
              case F32 -> HostMemory.ALL.get(HostMemory.FLOAT, address + i * 4);
              case BF16 ->
                  Float.intBitsToFloat(HostMemory.ALL.get(HostMemory.SHORT, address + i * 2) << 16);
              default -> throw new IllegalArgumentException("result of type " + type);
            });
  }

  /// Memory full of NaNs of every type, between guards.
  private static long room(Arena arena, long bytes) {
    long address = arena.allocate(bytes + 2 * GUARD, 64).fill(PATTERN).address() + GUARD;
    HostMemory.ALL.asSlice(address, bytes).fill((byte) 0xFF);
    return address;
  }

  private static void requireGuards(long address, long bytes) {
    for (long i = 0; i < GUARD; i++) {
      if (HostMemory.ALL.get(HostMemory.BYTE, address - 1 - i) != PATTERN
          || HostMemory.ALL.get(HostMemory.BYTE, address + bytes + i) != PATTERN) {
        throw new AssertionError("a kernel wrote outside its memory");
      }
    }
  }
}
