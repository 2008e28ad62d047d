package jaxon.runtime.cpu.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A product by oneDNN: the memory objects and the argument list of each worker, made beforehand.
final class NativeProduct extends BlockProduct {
  private static final int FIXED_ARGUMENTS = 4;

  /// What one worker needs to run the primitive.
  private static final class Seat {
    private final long a;
    private final long b;
    private final long c;
    private final long scratchpad;
    private final long[] operands;
    private final long stream = DnnlApi.stream();
    private final long arguments;
    private final int count;

    Seat(MatmulPrimitive primitive, Arena arena) {
      long descriptor = primitive.descriptor();
      a = DnnlApi.memory(DnnlApi.query(descriptor, DnnlApi.QUERY_SRC));
      b = DnnlApi.memory(DnnlApi.query(descriptor, DnnlApi.QUERY_WEIGHTS));
      c = DnnlApi.memory(DnnlApi.query(descriptor, DnnlApi.QUERY_DST));
      scratchpad = DnnlApi.memory(DnnlApi.query(descriptor, DnnlApi.QUERY_SCRATCHPAD));
      operands = primitive.operands().stream().mapToLong(DnnlApi::memory).toArray();
      count = FIXED_ARGUMENTS + operands.length;
      arguments = arguments(primitive.key().spec(), arena).address();
    }

    private MemorySegment arguments(MatmulSpec spec, Arena arena) {
      MemorySegment list = arena.allocate((long) count * DnnlApi.ARG_BYTES, Long.BYTES);
      set(list, 0, DnnlApi.ARG_SRC, a);
      set(list, 1, DnnlApi.ARG_WEIGHTS, b);
      set(list, 2, DnnlApi.ARG_DST, c);
      set(list, 3, DnnlApi.ARG_SCRATCHPAD, scratchpad);
      List<PostOp> steps = spec.postOps().steps();
      int first = spec.accumulate() ? 1 : 0;
      int next = 0;
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i) instanceof PostOp.Binary) {
          int argument = DnnlApi.postOpArgument(first + i);
          set(list, FIXED_ARGUMENTS + next, argument, operands[next]);
          next++;
        }
      }
      return list;
    }

    private static void set(MemorySegment list, int index, int argument, long memory) {
      list.set(ValueLayout.JAVA_INT, (long) index * DnnlApi.ARG_BYTES, argument);
      list.set(ValueLayout.JAVA_LONG, (long) index * DnnlApi.ARG_BYTES + Long.BYTES, memory);
    }

    void close() {
      DnnlApi.destroyMemory(a);
      DnnlApi.destroyMemory(b);
      DnnlApi.destroyMemory(c);
      DnnlApi.destroyMemory(scratchpad);
      for (long operand : operands) {
        DnnlApi.destroyMemory(operand);
      }
      DnnlApi.destroyStream(stream);
    }
  }

  private final boolean isSwapped;
  private final MatmulPrimitive primitive;
  private final long scratchBytes;
  private final Arena arena = Arena.ofShared();
  private final Seat[] seats;

  /// @param isSwapped whether the primitive computes the transposed product
  NativeProduct(MatmulSpec spec, boolean isSwapped, MatmulPrimitive primitive, int workers) {
    super(spec);
    this.isSwapped = isSwapped;
    this.primitive = primitive;
    this.scratchBytes = primitive.scratchBytes();
    seats = new Seat[workers];
    for (int i = 0; i < workers; i++) {
      seats[i] = new Seat(primitive, arena);
    }
  }

  @Override
  public void run(int worker, long a, long b, long c, long[] operands) {
    Seat seat = seats[worker];
    DnnlApi.useOneThread();
    DnnlApi.setData(seat.a, isSwapped ? b : a);
    DnnlApi.setData(seat.b, isSwapped ? a : b);
    DnnlApi.setData(seat.c, c);
    if (scratchBytes > 0) {
      DnnlApi.setData(seat.scratchpad, ThreadScratch.address(scratchBytes));
    }
    for (int i = 0; i < seat.operands.length; i++) {
      DnnlApi.setData(seat.operands[i], operands[i]);
    }
    DnnlApi.execute(primitive.primitive(), seat.stream, seat.count, seat.arguments);
  }

  @Override
  public long workerBytes() {
    return scratchBytes == 0 ? 0 : ThreadScratch.size(scratchBytes);
  }

  @Override
  public String implementation() {
    return primitive.implementation();
  }

  @Override
  public void close() {
    for (Seat seat : seats) {
      seat.close();
    }
    arena.close();
  }
}
